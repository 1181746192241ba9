-- Candidates that are still to be fetched: those whose bytes were never received.
SELECT *
FROM candidates
WHERE status IN ('new', 'failed', 'disallowed')
    AND fetch_url IS NOT NULL
    AND overruled IS DISTINCT FROM 'reject'
    AND url NOT IN (SELECT url FROM pages)
ORDER BY priority DESC, found_at, url;
