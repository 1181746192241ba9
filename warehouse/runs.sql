-- name: mark_crashed_runs
UPDATE runs SET state = 'crashed' WHERE state = 'running';


-- name: mark_silent_runs
-- staged_values are the workers that hold their lease.
UPDATE runs
SET state = 'crashed'
WHERE state = 'running'
    AND (
        coalesce(worker, $worker) = $worker
        OR (coalesce(alive_at, started_at) < $silent_since AND worker NOT IN (SELECT value FROM staged_values))
    );


-- name: start_run
INSERT INTO runs (
    run_id, flow_run_id, flow, started_at, alive_at, worker, state,
    found, fetched, unchanged, ingested, updated, not_similar, failed
)
VALUES (?, ?, ?, ?, ?, ?, 'running', 0, 0, 0, 0, 0, 0, 0);


-- name: keep_alive
UPDATE runs SET alive_at = ? WHERE run_id = ? AND state = 'running';


-- name: finish_run
UPDATE runs
SET
    finished_at = $finished_at,
    alive_at = $finished_at,
    state = $state,
    found = $found,
    fetched = $fetched,
    unchanged = $unchanged,
    ingested = $ingested,
    updated = $updated,
    not_similar = $not_similar,
    failed = $failed
WHERE run_id = $run_id;


-- name: runs
SELECT * FROM runs ORDER BY started_at DESC, run_id LIMIT ?;
