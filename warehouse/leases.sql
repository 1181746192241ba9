-- name: create_table
-- Statements for PostgreSQL itself, so that they are atomic there and follow its clock, whatever those of the workers say.
-- The scanner hands them on as text: values are put in as quoted literals.
CREATE TABLE IF NOT EXISTS commentary_leases (
    kind text NOT NULL,
    name text NOT NULL,
    holder text NOT NULL,
    until timestamptz NOT NULL,
    ended_at timestamptz,
    ready_at timestamptz NOT NULL,
    former text,
    former_until timestamptz,
    former_lapsed boolean NOT NULL,
    PRIMARY KEY (kind, name)
);
COMMENT ON TABLE commentary_leases IS 'Which worker has what to itself, of those that share this warehouse.';
COMMENT ON COLUMN commentary_leases.kind IS 'host: the right to ask it; committer: to write to the warehouse; worker: its heartbeat.';
COMMENT ON COLUMN commentary_leases.name IS 'Name of the host, or of the worker.';
COMMENT ON COLUMN commentary_leases.holder IS 'The worker that has it, or had it last: the identity of its home.';
COMMENT ON COLUMN commentary_leases.until IS 'Till when it is held unless it is renewed.';
COMMENT ON COLUMN commentary_leases.ended_at IS 'When it was given back; null while it is held, or where its holder died.';
COMMENT ON COLUMN commentary_leases.ready_at IS 'When the host may be asked next.';
COMMENT ON COLUMN commentary_leases.former IS 'The worker that had it before.';
COMMENT ON COLUMN commentary_leases.former_until IS 'Till when that one had it.';
COMMENT ON COLUMN commentary_leases.former_lapsed IS 'Whether that one never gave it back.';
;
CREATE TABLE IF NOT EXISTS commentary_journals (worker text PRIMARY KEY, mark text NOT NULL);
COMMENT ON TABLE commentary_journals IS 'How much of the journals of workers that share this warehouse is stored in it.';
COMMENT ON COLUMN commentary_journals.worker IS 'The worker: the identity of its home.';
COMMENT ON COLUMN commentary_journals.mark IS 'Up to where.';


-- name: marks
SELECT worker, mark FROM commentary_journals;


-- name: set_mark
INSERT INTO commentary_journals (worker, mark) VALUES ($worker, $mark)
ON CONFLICT (worker) DO UPDATE SET mark = excluded.mark;


-- name: take
INSERT INTO commentary_leases AS known
    (kind, name, holder, until, ended_at, ready_at, former, former_until, former_lapsed)
VALUES (
    $kind, $name, $holder, clock_timestamp() + $seconds * interval '1 second', NULL, clock_timestamp(), NULL, NULL, false
)
ON CONFLICT (kind, name) DO UPDATE
SET
    holder = excluded.holder,
    until = excluded.until,
    ended_at = NULL,
    former = known.holder,
    former_until = coalesce(known.ended_at, known.until),
    former_lapsed = known.ended_at IS NULL
WHERE known.holder = excluded.holder OR known.ended_at IS NOT NULL OR known.until < clock_timestamp();


-- name: lease
SELECT
    holder,
    extract(epoch FROM greatest(ready_at - clock_timestamp(), interval '0'))::float8 AS ready_in_s,
    former,
    extract(epoch FROM former_until)::float8 AS former_until,
    former_lapsed,
    extract(epoch FROM greatest(until - clock_timestamp(), interval '0'))::float8 AS left_s
FROM commentary_leases
WHERE kind = $kind AND name = $name;


-- name: renew
UPDATE commentary_leases
SET until = clock_timestamp() + $seconds * interval '1 second'
WHERE holder = $holder AND ended_at IS NULL;


-- name: held_by
SELECT kind, name FROM commentary_leases WHERE holder = $holder AND ended_at IS NULL;


-- name: give_back
UPDATE commentary_leases
SET ended_at = clock_timestamp(), ready_at = clock_timestamp() + $ready_in_s * interval '1 second'
WHERE kind = $kind AND name = $name AND holder = $holder AND ended_at IS NULL;


-- name: undo
UPDATE commentary_leases
SET
    holder = coalesce(former, holder),
    until = coalesce(former_until, clock_timestamp()),
    ended_at = CASE WHEN NOT former_lapsed THEN coalesce(former_until, clock_timestamp()) END
WHERE kind = $kind AND name = $name AND holder = $holder AND ended_at IS NULL;


-- name: give_all_back
UPDATE commentary_leases
SET ended_at = clock_timestamp(), ready_at = clock_timestamp() + $ready_in_s * interval '1 second'
WHERE holder = $holder AND ended_at IS NULL;


-- name: holders
SELECT holder FROM commentary_leases WHERE kind = $kind AND ended_at IS NULL AND until > clock_timestamp();


-- name: clock
SELECT extract(epoch FROM clock_timestamp())::float8;
