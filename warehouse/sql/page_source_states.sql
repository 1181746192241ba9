-- How many watched sources are in which state; the folder of seeds is not watched.
SELECT
    status,  -- new, ok, unreachable, forbidden or nothing_found
    count(*) AS sources
FROM v_sources_health
SEMI JOIN (SELECT source_id FROM sources WHERE kind <> 'seeds') USING (source_id)
WHERE enabled
GROUP BY status
ORDER BY sources DESC, status
