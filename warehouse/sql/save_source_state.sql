UPDATE sources
SET
    status = $status,
    detail = $detail,
    probed_at = $probed_at,
    next_probe_at = $next_probe_at,
    last_ok_at = $last_ok_at,
    failures = $failures
WHERE source_id = $source_id;
