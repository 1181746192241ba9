-- So that the next run codes these articles anew, and replaces their rows.
UPDATE articles SET extractor_version = '', findings_hash = ''
WHERE article_id IN (SELECT value FROM staged_values)
RETURNING article_id, url;
