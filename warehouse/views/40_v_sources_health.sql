CREATE VIEW v_sources_health AS
WITH loaded AS (
    SELECT source_id, count(*) AS articles, max(first_seen_at) AS last_article_at FROM articles GROUP BY source_id
),
led_to AS (
    SELECT
        source_id,
        count(*) AS candidates,
        count(*) FILTER (status = 'new') AS waiting,
        count(*) FILTER (status = 'not_similar') AS not_similar,
        count(*) FILTER (status IN ('failed', 'gone', 'disallowed')) AS not_fetched
    FROM candidates
    GROUP BY source_id
),
watched AS (
    SELECT
        source_id,
        count(*) FILTER (NOT retired) AS endpoints,
        count(*) FILTER (NOT retired AND failures > 0) AS failing_endpoints,
        max(checked_at) AS last_checked_at,
        min(next_check_at) FILTER (NOT retired) AS next_check_at
    FROM endpoints
    GROUP BY source_id
)
SELECT
    s.source_id,
    s.name,
    s.sector,
    s.enabled,
    coalesce(s.status, CASE WHEN s.kind IN ('seeds', 'set') THEN 'ok' ELSE 'new' END) AS status,
    s.detail,
    s.last_ok_at,
    coalesce(s.failures, 0) AS failures,
    coalesce(watched.endpoints, 0) AS endpoints,
    coalesce(watched.failing_endpoints, 0) AS failing_endpoints,
    watched.last_checked_at,
    watched.next_check_at,
    coalesce(led_to.candidates, 0) AS candidates,
    coalesce(led_to.waiting, 0) AS waiting,
    coalesce(led_to.not_similar, 0) AS not_similar,
    coalesce(led_to.not_fetched, 0) AS not_fetched,
    coalesce(loaded.articles, 0) AS articles,
    loaded.last_article_at
FROM sources AS s
LEFT JOIN loaded USING (source_id)
LEFT JOIN led_to USING (source_id)
LEFT JOIN watched USING (source_id)
ORDER BY s.enabled DESC, s.source_id;

COMMENT ON VIEW v_sources_health IS 'How each source fares and what it yielded.';
COMMENT ON COLUMN v_sources_health.source_id IS 'The source.';
COMMENT ON COLUMN v_sources_health.name IS 'Its name.';
COMMENT ON COLUMN v_sources_health.sector IS 'What the publisher is.';
COMMENT ON COLUMN v_sources_health.enabled IS 'Whether it is watched at present.';
COMMENT ON COLUMN v_sources_health.status IS 'How its last check went: new, ok, unreachable, forbidden or nothing_found.';
COMMENT ON COLUMN v_sources_health.detail IS 'What was found or what failed.';
COMMENT ON COLUMN v_sources_health.last_ok_at IS 'When it last answered well.';
COMMENT ON COLUMN v_sources_health.failures IS 'Failed checks since then.';
COMMENT ON COLUMN v_sources_health.endpoints IS 'Feeds, sitemaps and listings that are asked.';
COMMENT ON COLUMN v_sources_health.failing_endpoints IS 'Those of them that failed when last asked.';
COMMENT ON COLUMN v_sources_health.last_checked_at IS 'When one of them was last asked.';
COMMENT ON COLUMN v_sources_health.next_check_at IS 'When the next one is due.';
COMMENT ON COLUMN v_sources_health.candidates IS 'Addresses that it led to.';
COMMENT ON COLUMN v_sources_health.waiting IS 'Those not yet fetched.';
COMMENT ON COLUMN v_sources_health.not_similar IS 'Those that were read and left out.';
COMMENT ON COLUMN v_sources_health.not_fetched IS 'Those that failed, are gone or are disallowed.';
COMMENT ON COLUMN v_sources_health.articles IS 'Articles in the warehouse.';
COMMENT ON COLUMN v_sources_health.last_article_at IS 'When the last of them came in.';
