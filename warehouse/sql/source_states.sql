SELECT source_id, status, detail, probed_at, next_probe_at, last_ok_at, failures
FROM sources
WHERE status IS NOT NULL
ORDER BY source_id;
