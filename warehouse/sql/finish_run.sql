UPDATE runs
SET
    finished_at = $finished_at,
    state = $state,
    found = $found,
    fetched = $fetched,
    unchanged = $unchanged,
    ingested = $ingested,
    updated = $updated,
    not_similar = $not_similar,
    failed = $failed
WHERE run_id = $run_id
RETURNING run_id;
