"""The page to look at: one HTML file with the state of the warehouse, which needs neither network nor server."""
