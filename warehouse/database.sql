-- name: has_migrations_table
SELECT count(*) > 0
FROM duckdb_tables()
WHERE schema_name = 'main' AND table_name = 'schema_migrations' AND database_name = current_database();


-- name: schema_version
SELECT coalesce(max(version), 0) FROM schema_migrations;


-- name: create_migrations_table
-- No column of this project has a function as its default: DuckDB 1.5 cannot replay the write-ahead log of such a table
-- ("GetDefaultDatabase with no default database set"), so that a run killed soon after could never be opened again.
CREATE TABLE IF NOT EXISTS schema_migrations (
    version INTEGER NOT NULL,
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


-- name: record_migration
INSERT INTO schema_migrations (version, name, applied_at) VALUES (?, ?, current_timestamp);


-- name: views_hash
SELECT hash FROM schema_views;


-- name: list_views
-- Ours only: those of the main schema.
SELECT view_name, 'VIEW'
FROM duckdb_views()
WHERE NOT internal AND schema_name = 'main' AND database_name = current_database()
UNION ALL
SELECT DISTINCT function_name, CASE function_type WHEN 'table_macro' THEN 'MACRO TABLE' ELSE 'MACRO' END
FROM duckdb_functions()
WHERE NOT internal AND schema_name = 'main' AND database_name = current_database()
    AND function_type IN ('macro', 'table_macro');


-- name: drop_view
DROP $kind IF EXISTS $name;


-- name: forget_views_hash
DELETE FROM schema_views;


-- name: record_views_hash
INSERT INTO schema_views (hash) VALUES (?);


-- name: count_load
UPDATE loads SET number = number + 1;


-- name: allow_folder
SET allowed_directories = [$path];


-- name: has_published_table
SELECT 1 FROM pg_tables WHERE schemaname = 'public' AND tablename = 'commentary_published';


-- name: published_version
SELECT snapshot_id FROM public.commentary_published ORDER BY content_version DESC LIMIT 1;


-- name: acting_functions
-- What a statement of a reader may not call: all of DuckDB's table functions but those that only read, and what quack itself
-- brings. Some of them act (they stop the server, set settings, run other statements), and new ones come with every release.
SELECT list(DISTINCT lower(function_name) ORDER BY lower(function_name))
FROM duckdb_functions()
WHERE (function_type IN ('table', 'pragma') AND NOT list_contains($reading, function_name))
    OR starts_with(function_name, 'quack_')
    OR function_name = 'write_log';


-- name: create_guard
-- quack asks it before each statement: it runs if it is a SELECT (what else there is has no tree) and calls nothing that acts.
-- The tree is how the statement was parsed: whatever the quotes, comments and capitals of its text were.
CREATE MACRO only_reads(session, statement) AS (
    SELECT tree ->> 'error' = 'false'
        AND NOT list_has_any(regexp_extract_all(lower(tree::VARCHAR), '"function_name":"([^"]*)"', 1), $refused)
    FROM (SELECT json_serialize_sql(statement::VARCHAR) AS tree)
);


-- name: attach_snapshot
ATTACH $path AS $alias (READ_ONLY);


-- name: detach_snapshot
-- Queries that run on it keep it until they end.
DETACH $alias;


-- name: list_relations
SELECT table_name
FROM information_schema.tables
WHERE table_catalog = ? AND table_schema = 'main';


-- name: list_macros
SELECT function_name, function_type, parameters, macro_definition
FROM duckdb_functions()
WHERE database_name = ? AND schema_name = 'main' AND function_type IN ('macro', 'table_macro');


-- name: forward_relation
CREATE OR REPLACE VIEW memory.main.$name AS FROM $alias.main.$name;


-- name: forward_macro
CREATE OR REPLACE MACRO memory.main.$name($parameters) AS $body;


-- name: listen
SELECT listen_url FROM quack_serve(?, token := ?, allow_other_hostname := true);


-- name: stop_listening
SELECT * FROM quack_stop(?);


-- name: no_rows
SELECT * FROM $table LIMIT 0;


-- name: insert_staged
INSERT INTO $table BY NAME SELECT * FROM $staged;


-- name: upsert_staged
-- Columns that are not staged keep their values where the key is there already.
MERGE INTO $table
USING $staged USING ($key)
WHEN MATCHED THEN UPDATE BY NAME
WHEN NOT MATCHED THEN INSERT BY NAME;


-- name: insert_missing
MERGE INTO $table
USING $staged USING ($key)
WHEN NOT MATCHED THEN INSERT BY NAME;


-- name: delete_all
DELETE FROM $table;
