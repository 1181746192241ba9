-- name: known_raw_hashes
SELECT raw_hash FROM article_versions;


-- name: fetch_ids
SELECT fetch_id FROM fetches;
