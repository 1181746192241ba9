-- What failed, with when it is tried next: a page that was received is read again when its re-reading brings other bytes,
-- files and the sources' file with every run; what belongs to a source that is switched off rests.
SELECT
    f.url,
    f.stage,
    f.error_type,
    f.message,
    f.attempts,
    f.first_at,
    f.last_at,
    CASE
        WHEN coalesce(s.enabled, true) = false AND f.stage IN ('fetch', 'read', 'load') THEN NULL
        WHEN f.stage = 'fetch' AND p.url IS NOT NULL
            THEN CASE WHEN f.next_try_at IS NULL THEN NULL ELSE greatest(f.next_try_at, p.next_read_at) END
        WHEN f.stage IN ('read', 'load') AND p.url IS NOT NULL THEN p.next_read_at
        ELSE f.next_try_at
    END AS next_try_at,
    coalesce(s.enabled, true) = false AND f.stage IN ('fetch', 'read', 'load') AS resting
FROM failures AS f
LEFT JOIN pages AS p USING (url)
LEFT JOIN candidates AS c USING (url)
LEFT JOIN sources AS s ON s.source_id = coalesce(p.source_id, c.source_id)
ORDER BY f.last_at DESC, f.url, f.stage;
