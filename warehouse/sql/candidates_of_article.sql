SELECT url
FROM candidates
WHERE article_id = ?
ORDER BY url;
