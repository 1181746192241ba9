SELECT * FROM pages ORDER BY url;
