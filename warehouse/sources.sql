-- name: source_kind
SELECT kind, name, enabled FROM sources WHERE source_id = ?;


-- name: source_kinds
SELECT source_id, kind FROM sources;


-- name: yields
SELECT
    s.source_id,
    (SELECT count(*) FROM articles AS a WHERE a.source_id = s.source_id) AS articles,
    count(c.url) AS candidates,
    count(c.url) FILTER (c.status = 'new') AS waiting,
    count(c.url) FILTER (c.status = 'not_similar') AS not_similar,
    count(c.url) FILTER (c.status IN ('failed', 'gone', 'disallowed')) AS failed
FROM sources AS s
LEFT JOIN candidates AS c USING (source_id)
GROUP BY s.source_id
ORDER BY s.source_id;


-- name: source_sets
SELECT source_id, name, sector FROM sources WHERE kind = 'set' ORDER BY source_id;


-- name: source_set
SELECT name, sector FROM sources WHERE source_id = ? AND kind = 'set';


-- name: sources
SELECT * FROM sources WHERE kind NOT IN ('seeds', 'set') AND address IS NOT NULL ORDER BY source_id;


-- name: switch_off_sources
UPDATE sources
SET enabled = false
WHERE kind NOT IN ('seeds', 'set') AND enabled AND source_id NOT IN (SELECT value FROM staged_values);


-- name: source_states
SELECT source_id, status, detail, probed_at, next_probe_at, last_ok_at, failures
FROM sources
WHERE status IS NOT NULL
ORDER BY source_id;


-- name: source_silence
-- Since when each watched source has answered well (or was first asked, if it never did), when it last brought an address
-- that was new, and what was last told of it.
SELECT
    s.source_id,
    s.status,
    s.detail,
    s.last_ok_at IS NOT NULL AS ever_worked,
    coalesce(s.last_ok_at, f.first_asked_at, s.probed_at) AS last_ok_at,
    greatest(max(c.found_at), min(e.first_seen_at)) AS last_news_at,
    s.quiet_days,
    s.trouble
FROM sources AS s
LEFT JOIN candidates AS c USING (source_id)
LEFT JOIN endpoints AS e USING (source_id)
LEFT JOIN (SELECT source_id, min(fetched_at) AS first_asked_at FROM fetches GROUP BY source_id) AS f USING (source_id)
WHERE s.enabled AND s.status IS NOT NULL AND s.kind NOT IN ('seeds', 'set')
GROUP BY s.source_id, s.status, s.detail, s.last_ok_at, s.probed_at, s.quiet_days, s.trouble, f.first_asked_at
ORDER BY s.source_id;


-- name: store_trouble
UPDATE sources SET trouble = $trouble WHERE source_id = $source_id;


-- name: resting
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
WHERE NOT s.enabled AND s.kind NOT IN ('seeds', 'set')
ORDER BY s.source_id;


-- name: purged_candidates
-- Addresses of a source that became no article, with where they are asked for; its endpoints too.
SELECT url, fetch_url, true AS forgotten FROM candidates WHERE source_id = $source_id AND article_id IS NULL
UNION ALL
SELECT url, fetch_url, false FROM candidates WHERE source_id = $source_id AND article_id IS NOT NULL
UNION ALL
SELECT url, url, false FROM endpoints WHERE source_id = $source_id
ORDER BY url;


-- name: purge_rows
DELETE FROM $table WHERE url IN (SELECT value FROM staged_values);


-- name: endpoints
SELECT * FROM endpoints ORDER BY source_id, url;


-- name: asked_addresses
-- Every address that may still be asked for.
SELECT url FROM endpoints
UNION
SELECT fetch_url FROM candidates WHERE fetch_url IS NOT NULL AND status IN ('new', 'failed', 'disallowed')
UNION
SELECT fetch_url FROM pages WHERE next_read_at IS NOT NULL;


-- name: robots
SELECT * FROM robots ORDER BY origin;


-- name: purge_robots
-- Rules of sites that nothing else is asked of.
DELETE FROM robots WHERE origin IN (SELECT value FROM staged_values);


-- name: purge_endpoints
DELETE FROM endpoints WHERE source_id = ?;


-- name: purge_rereadings
UPDATE pages SET next_read_at = NULL WHERE source_id = ? AND next_read_at IS NOT NULL;
