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
WHERE s.enabled AND s.status IS NOT NULL AND s.kind <> 'seeds'
GROUP BY s.source_id, s.status, s.detail, s.last_ok_at, s.probed_at, s.quiet_days, s.trouble, f.first_asked_at
ORDER BY s.source_id;
