-- Pages that are read again for edits: those of articles, and those that could not be read (a wall may have gone). Those of
-- sources that are switched off, or left the file, rest.
SELECT p.*
FROM pages AS p
JOIN candidates AS c USING (url)
WHERE c.status IN ('ingested', 'failed')
    AND p.next_read_at IS NOT NULL
    AND p.source_id NOT IN (SELECT source_id FROM sources WHERE NOT enabled)
ORDER BY p.url;
