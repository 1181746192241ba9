INSERT INTO runs (
    run_id, flow_run_id, flow, started_at, state, found, fetched, unchanged, ingested, updated, not_similar, failed
)
VALUES (?, ?, ?, ?, 'running', 0, 0, 0, 0, 0, 0, 0);
