-- How many watched sources are in which state.
SELECT
    status,  -- new, ok, unreachable, forbidden or nothing_found
    count(*) AS sources
FROM v_sources_health
WHERE enabled
GROUP BY status
ORDER BY sources DESC, status
