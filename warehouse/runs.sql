-- name: mark_crashed_runs
UPDATE runs SET state = 'crashed' WHERE state = 'running';


-- name: start_run
INSERT INTO runs (
    run_id, flow_run_id, flow, started_at, state, found, fetched, unchanged, ingested, updated, not_similar, failed
)
VALUES (?, ?, ?, ?, 'running', 0, 0, 0, 0, 0, 0, 0);


-- name: finish_run
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


-- name: runs
SELECT * FROM runs ORDER BY started_at DESC, run_id LIMIT ?;
