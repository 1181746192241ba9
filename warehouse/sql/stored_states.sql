SELECT article_id, url, version, content_hash, findings_hash, raw_hash
FROM articles
WHERE article_id IN (SELECT value FROM staged_values);
