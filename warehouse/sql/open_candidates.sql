-- Candidates that are still to be fetched: those whose bytes were never received. Those of sources that are switched off,
-- or left the file, rest.
SELECT * REPLACE (coalesce(authors, []) AS authors)
FROM candidates
WHERE status IN ('new', 'failed', 'disallowed')
    AND fetch_url IS NOT NULL
    AND overruled IS DISTINCT FROM 'reject'
    AND url NOT IN (SELECT url FROM pages)
    AND (overruled IS NOT DISTINCT FROM 'accept' OR source_id NOT IN (SELECT source_id FROM sources WHERE NOT enabled))
ORDER BY priority DESC, found_at, url;
