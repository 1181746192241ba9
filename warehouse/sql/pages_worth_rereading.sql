-- Pages that are read again for edits: those of articles, and those that could not be read (a wall may have gone).
SELECT p.*
FROM pages AS p
JOIN candidates AS c USING (url)
WHERE c.status IN ('ingested', 'failed') AND p.next_read_at IS NOT NULL
ORDER BY p.url;
