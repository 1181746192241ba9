-- Candidates that are still to be fetched.
SELECT *
FROM candidates
WHERE status IN ('new', 'failed', 'disallowed')
    AND fetch_url IS NOT NULL
    AND overruled IS DISTINCT FROM 'reject'
ORDER BY priority DESC, found_at, url;
