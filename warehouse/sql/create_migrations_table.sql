-- No column of this project has a function as its default: DuckDB 1.5 cannot replay the write-ahead log of such a table
-- ("GetDefaultDatabase with no default database set"), so that a run killed soon after could never be opened again.
CREATE TABLE IF NOT EXISTS schema_migrations (
    version INTEGER PRIMARY KEY,
    name VARCHAR NOT NULL,
    applied_at TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE schema_migrations IS 'Which migrations this file has had.';
COMMENT ON COLUMN schema_migrations.version IS 'Number of the migration, from 1.';
COMMENT ON COLUMN schema_migrations.name IS 'Its name.';
COMMENT ON COLUMN schema_migrations.applied_at IS 'When it was applied.';
CREATE TABLE IF NOT EXISTS schema_views (hash VARCHAR NOT NULL);
COMMENT ON TABLE schema_views IS 'Which views this file has, so that they are made anew when their text changed.';
COMMENT ON COLUMN schema_views.hash IS 'A hash of the text of all views.';
