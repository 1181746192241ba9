-- What rests of sources that are switched off or left the file: addresses to fetch, and pages to read again.
SELECT
    s.source_id,
    s.name,
    s.sector,
    (
        SELECT count(*)
        FROM candidates AS c
        WHERE c.source_id = s.source_id AND c.status IN ('new', 'failed', 'disallowed')
            AND c.overruled IS DISTINCT FROM 'accept' AND c.url NOT IN (SELECT url FROM pages)
    ) AS candidates,
    (
        SELECT count(*)
        FROM pages AS p
        JOIN candidates AS c USING (url)
        WHERE p.source_id = s.source_id AND p.next_read_at IS NOT NULL AND c.status IN ('ingested', 'failed')
    ) AS pages
FROM sources AS s
WHERE NOT s.enabled AND s.kind <> 'seeds'
ORDER BY s.source_id;
