-- name: known_raw_hashes
SELECT raw_hash FROM article_versions;
