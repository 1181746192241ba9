-- A run says when it was last alive. Whether it crashed is told by that, and by who holds the lock: where several machines
-- share a warehouse, a run that another machine is in the middle of is not taken for one that was killed.

ALTER TABLE runs ADD COLUMN alive_at TIMESTAMPTZ;
ALTER TABLE runs ADD COLUMN worker VARCHAR;
COMMENT ON COLUMN runs.alive_at IS 'When it last said that it was alive; of a crashed run, shortly before it ended. Null for runs of former releases.';
COMMENT ON COLUMN runs.worker IS 'Which of several machines it ran on: the identity of its home. Null where one machine has the warehouse to itself.';
