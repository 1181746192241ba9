-- name: signatures_of
SELECT article_id, signature
FROM article_signatures
WHERE article_id IN (SELECT value FROM staged_values);


-- name: content_hashes
SELECT article_id, content_hash FROM articles WHERE article_id IN (SELECT value FROM staged_values);


-- name: forget_signed
DELETE FROM $table WHERE article_id IN (SELECT value FROM staged_values);


-- name: insert_bands
INSERT INTO article_bands_added BY NAME SELECT * FROM staged_bands;


-- name: insert_keys
INSERT INTO article_keys BY NAME SELECT * FROM staged_keys;


-- name: buckets_of_bands
-- The condition on what is looked for is always true: with one, DuckDB 1.5 looks at a Bloom filter before its hash table, and
-- reads the entries of what it lets through only.
SELECT bucket, entries FROM article_bands WHERE bucket IN (SELECT bucket FROM staged_bands WHERE bucket >= 0);


-- name: keys_of_added_bands
SELECT article_key FROM article_bands_added WHERE band IN (SELECT band FROM staged_bands WHERE band >= 0);


-- name: articles_of_keys
SELECT article_id FROM article_keys WHERE article_key IN (SELECT article_key FROM staged_keys);


-- name: count_bands
SELECT
    (SELECT coalesce(sum(entry_count), 0) FROM article_bands)::BIGINT AS held,
    (SELECT count(*) FROM article_bands_added) AS added,
    (SELECT count(*) FROM article_keys) AS keys;


-- name: all_keys
SELECT DISTINCT article_key FROM article_keys;


-- name: buckets_between
SELECT bucket, entries FROM article_bands WHERE bucket >= $first AND bucket < $end ORDER BY bucket;


-- name: added_between
SELECT band, article_key FROM article_bands_added WHERE band >= $first AND band < $end;


-- name: forget_added_between
DELETE FROM article_bands_added WHERE band >= $first AND band < $end;


-- name: forget_buckets_between
DELETE FROM article_bands WHERE bucket >= $first AND bucket < $end;


-- name: insert_buckets
INSERT INTO article_bands BY NAME SELECT * FROM staged_buckets;


-- name: signatures_of_originals
-- Rows are found by the ids alone first: of up to fifty rows DuckDB 1.5 then reads the signatures that stand near them, of more all.
WITH chosen AS MATERIALIZED (
    SELECT article_id, first_seen_at
    FROM articles
    WHERE duplicate_of IS NULL AND article_id IN (SELECT value FROM staged_values WHERE value >= '')
),
signed AS (
    SELECT article_id, signature
    FROM article_signatures
    WHERE rowid IN (
        SELECT rowid FROM article_signatures WHERE article_id IN (SELECT article_id FROM chosen WHERE article_id >= '')
    )
)
SELECT article_id, signed.signature
FROM signed
JOIN chosen USING (article_id)
ORDER BY chosen.first_seen_at, article_id;


-- name: bands_due
SELECT article_id FROM article_signatures ANTI JOIN article_keys USING (article_id) ORDER BY article_id;


-- name: signatures_due
-- Articles whose signature is missing, or begins with another format's byte, or is of another length.
SELECT a.article_id
FROM articles AS a
LEFT JOIN article_signatures AS s USING (article_id)
WHERE s.signature IS NULL
    OR octet_length(s.signature) <> $length
    OR s.signature < $format::BLOB
    OR s.signature >= $next_format::BLOB
ORDER BY a.article_id;


-- name: present_texts
SELECT article_id, v.text
FROM articles AS a
JOIN article_versions AS v USING (article_id, version)
WHERE article_id IN (SELECT value FROM staged_values);


-- name: forget_changes
DELETE FROM version_changes WHERE article_id = ? AND version = ?;


-- name: articles_at_addresses
SELECT url, article_id
FROM article_addresses
WHERE url IN (SELECT value FROM staged_values);


-- name: stored_hashes
SELECT article_id, list(DISTINCT raw_hash) AS raw_hashes
FROM article_versions
WHERE article_id IN (SELECT value FROM staged_values)
GROUP BY article_id;


-- name: all_stored_hashes
SELECT raw_hash FROM article_versions
UNION
SELECT raw_hash FROM articles;


-- name: stored_states
SELECT article_id, url, version, content_hash, findings_hash, raw_hash
FROM articles
WHERE article_id IN (SELECT value FROM staged_values);


-- name: delete_staged_articles
DELETE FROM $table WHERE article_id IN (SELECT article_id FROM staged_articles);


-- name: first_seen
SELECT article_id, first_seen_at
FROM articles
WHERE article_id IN (SELECT article_id FROM staged_articles);


-- name: version_seen_at
-- When the versions about to be written were first seen, where they are there already.
SELECT known.article_id, known.version, known.seen_at
FROM article_versions AS known
JOIN staged_article_versions AS staged USING (article_id, version);


-- name: forget_version_texts
UPDATE article_versions
SET text = NULL
WHERE article_id = ? AND version >= ? AND version < ? AND text IS NOT NULL;


-- name: demote_main_addresses
-- An article that moves to another main address keeps the old one as an alias.
UPDATE article_addresses
SET kind = 'alias'
WHERE kind = 'main' AND article_id IN (SELECT article_id FROM staged_article_addresses);


-- name: main_addresses
SELECT url, article_id
FROM article_addresses
WHERE kind = 'main' AND url IN (SELECT value FROM staged_values);


-- name: stored_figures
-- All columns: those that a `Figure` has are taken by their names (extractors/figures/model.py).
SELECT *
FROM figures
WHERE article_id = ?
ORDER BY paragraph_no, char_start;


-- name: stored_paragraphs
SELECT paragraph_no, kind, text
FROM paragraphs
WHERE article_id = ?
ORDER BY paragraph_no;


-- name: stored_themes
SELECT *
FROM theme_mentions
WHERE article_id = ?
ORDER BY paragraph_no, score DESC, theme_id;


-- name: forget_unnamed_actors
-- Actors that no article names any more; successors of those that are named stay.
DELETE FROM organisations
WHERE organisation_id NOT IN (SELECT actor_id FROM actor_mentions)
    AND organisation_id NOT IN (SELECT actor_id FROM bylines)
    AND organisation_id NOT IN (SELECT became FROM organisations WHERE became IS NOT NULL);
DELETE FROM people
WHERE person_id NOT IN (SELECT actor_id FROM actor_mentions)
    AND person_id NOT IN (SELECT actor_id FROM bylines);


-- name: stored_kinds
-- What is stored of the organisations staged: whether the lexicon has each, and its kind.
SELECT organisation_id, known, kind
FROM organisations
WHERE organisation_id IN (SELECT value FROM staged_values)
