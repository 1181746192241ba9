-- How the sources fare, those that need a look first, $sources at most.
SELECT
    name,
    sector,
    enabled,
    status,  -- new, ok, unreachable, forbidden or nothing_found
    detail,  -- what was found or what failed
    last_ok_at,
    last_checked_at,
    failing_endpoints,
    endpoints,
    articles,
    waiting,  -- addresses found and not yet fetched
    last_article_at
FROM v_sources_health
ORDER BY enabled DESC, status IN ('ok', 'new'), failing_endpoints DESC, articles DESC, name, source_id
LIMIT $sources
