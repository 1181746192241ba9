-- After how many days an operator is told of a source, and what was told last: once a change, not once a run.
ALTER TABLE sources ADD COLUMN quiet_days INTEGER;
ALTER TABLE sources ADD COLUMN trouble VARCHAR;
COMMENT ON COLUMN sources.quiet_days IS 'Days without anything new, or without an answer, after which it is told of; null for the setting of that name.';
COMMENT ON COLUMN sources.trouble IS 'What an operator was last told of it: broken or quiet; null where it works.';
