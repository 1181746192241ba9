-- name: publications
SELECT content_version, published_at, journal_mark FROM publications ORDER BY content_version, published_at;


-- name: table_names
SELECT table_name
FROM duckdb_tables()
WHERE schema_name = 'main' AND NOT internal AND database_name = current_database()
ORDER BY table_name;


-- name: table_state
-- The exclusive-or of the rows' hashes does not depend on their order; keys make equal rows impossible.
SELECT count(*), coalesce(bit_xor(hash(t))::VARCHAR, '0') FROM $table AS t;


-- name: changed_articles
-- Those whose row is another one than when their sums were made, or has none, and those that are gone.
SELECT article_id
FROM (SELECT article_id, hash(a) AS state FROM articles AS a) AS present
FULL JOIN (SELECT article_id, hashes AS state FROM article_sums WHERE table_name = 'articles') AS summed USING (article_id)
WHERE present.state IS DISTINCT FROM summed.state;


-- name: sums_recipe
-- Hashes are those of one release of DuckDB and one layout; and once a week all is read anew.
SELECT hash(concat_ws(' ', version(), (SELECT max(version) FROM schema_migrations), $week::VARCHAR));


-- name: stored_recipe
SELECT hashes FROM article_sums WHERE table_name = 'recipe';


-- name: write_recipe
INSERT INTO article_sums (table_name, article_id, row_count, hashes) VALUES ('recipe', '', 0, ?);


-- name: rows_accounted
-- Whether every row of a table is of an article that has sums, or of one that changed.
SELECT (SELECT count(*) FROM $table) = (
    SELECT coalesce(sum(row_count), 0)
    FROM article_sums
    WHERE table_name = '$table' AND article_id NOT IN (SELECT value FROM staged_values)
) + (SELECT count(*) FROM $table WHERE article_id IN (SELECT value FROM staged_values));


-- name: forget_sums
DELETE FROM article_sums WHERE article_id IN (SELECT value FROM staged_values);


-- name: add_sums
INSERT INTO article_sums BY NAME
SELECT '$table' AS table_name, article_id, count(*) AS row_count, bit_xor(hash(t)) AS hashes
FROM $table AS t
WHERE article_id IN (SELECT value FROM staged_values)
GROUP BY article_id;


-- name: summed_states
SELECT table_name, sum(row_count)::BIGINT AS row_count, bit_xor(hashes)::VARCHAR AS fingerprint
FROM article_sums
WHERE table_name <> 'recipe'
GROUP BY table_name;


-- name: own_rows
-- In place of the table until it is dropped: only the rows of some articles.
CREATE TEMP TABLE $table AS
SELECT * FROM $catalog.main.$table WHERE article_id IN (SELECT value FROM staged_values);


-- name: drop_own_rows
DROP TABLE temp.main.$table;


-- name: catalog
SELECT current_database();


-- name: all_articles
SELECT article_id FROM articles;


-- name: read_snapshot
SELECT content_version, published_at FROM snapshot;


-- name: article_count
SELECT count(*) FROM articles;


-- name: read_snapshot_tables
SELECT table_name, row_count, fingerprint FROM snapshot_tables ORDER BY table_name;


-- name: has_lineage
SELECT count(*) > 0
FROM duckdb_tables()
WHERE schema_name = 'main' AND table_name = 'lineage' AND database_name = current_database();


-- name: warehouse_id
SELECT warehouse_id FROM lineage;


-- name: addresses_of
SELECT article_id, url FROM articles WHERE article_id IN (SELECT value FROM staged_values) ORDER BY article_id;


-- name: code_anew
-- So that the next run codes these articles anew, and replaces their rows.
UPDATE articles SET extractor_version = '', findings_hash = ''
WHERE article_id IN (SELECT value FROM staged_values);


-- name: attach_last_published
ATTACH $path AS last_published (READ_ONLY);


-- name: quarantined_out
DELETE FROM $table WHERE article_id IN (SELECT value FROM staged_values);


-- name: quarantined_back
INSERT INTO $table BY NAME SELECT * FROM last_published.$table WHERE article_id IN (SELECT value FROM staged_values);


-- name: actors_back
INSERT INTO $table BY NAME
SELECT * FROM last_published.$table
WHERE $key NOT IN (SELECT $key FROM $table);


-- name: detach_last_published
DETACH last_published;


-- name: release_lost_duplicates
-- What nearly repeated an article that is not there stands for itself.
UPDATE articles SET duplicate_of = NULL WHERE duplicate_of NOT IN (SELECT article_id FROM articles);


-- name: write_snapshot
INSERT INTO snapshot (content_version, published_at, schema_version) VALUES (?, ?, ?);


-- name: record_publication
INSERT INTO publications (content_version, published_at, journal_mark) VALUES (?, ?, ?);


-- name: present_number
SELECT id FROM ducklake_current_snapshot('commentary');


-- name: create_pins
CALL postgres_execute(
    'commentary_catalog',
    'CREATE TABLE IF NOT EXISTS public.commentary_published (
        content_version INTEGER NOT NULL, snapshot_id BIGINT NOT NULL, published_at TIMESTAMPTZ NOT NULL
    )'
);


-- name: pin
INSERT INTO commentary_catalog.public.commentary_published (content_version, snapshot_id, published_at) VALUES (?, ?, ?);


-- name: rewrite
-- Files of which more than a fifth was deleted.
CALL ducklake_rewrite_data_files('commentary', '$table', delete_threshold => 0.2);


-- name: merge
CALL ducklake_merge_adjacent_files('commentary', '$table');


-- name: forget_pins
DELETE FROM commentary_catalog.public.commentary_published WHERE published_at < $before AND snapshot_id <> $last;


-- name: expirable
-- The present state is the last one, and it stays.
SELECT snapshot_id
FROM ducklake_snapshots('commentary')
WHERE snapshot_time < $before
    AND snapshot_id NOT IN (SELECT snapshot_id FROM commentary_catalog.public.commentary_published)
    AND snapshot_id <> (SELECT id FROM ducklake_current_snapshot('commentary'))
ORDER BY snapshot_id;


-- name: expire
CALL ducklake_expire_snapshots('commentary', versions => [$versions]);


-- name: clean_up
CALL ducklake_cleanup_old_files('commentary', older_than => $before::TIMESTAMPTZ);


-- name: remove_unknown
CALL ducklake_delete_orphaned_files('commentary', older_than => $before::TIMESTAMPTZ);


-- name: anything_there
SELECT (SELECT count(*) FROM articles) + (SELECT count(*) FROM fetches) + (SELECT count(*) FROM runs) > 0;


-- name: copy_table
INSERT INTO $table BY NAME SELECT * FROM last_published.$table;
