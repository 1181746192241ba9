-- Since when each watched source has answered well, and when it last brought an address that was new.
SELECT
    s.source_id,
    s.status,
    s.detail,
    coalesce(s.last_ok_at, min(e.first_seen_at), s.probed_at) AS last_ok_at,
    greatest(max(c.found_at), min(e.first_seen_at)) AS last_news_at
FROM sources AS s
LEFT JOIN candidates AS c USING (source_id)
LEFT JOIN endpoints AS e USING (source_id)
WHERE s.enabled AND s.status IS NOT NULL AND s.kind <> 'seeds'
GROUP BY s.source_id, s.status, s.detail, s.last_ok_at, s.probed_at
ORDER BY s.source_id;
