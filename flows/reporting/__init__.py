"""What a run says of itself: its counts, the text and tables on its page, the lines at a terminal."""
