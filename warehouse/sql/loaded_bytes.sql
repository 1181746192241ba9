SELECT article_id, list(DISTINCT raw_hash) AS raw_hashes
FROM article_versions
WHERE article_id IN (SELECT value FROM staged_values)
GROUP BY article_id;
