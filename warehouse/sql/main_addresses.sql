SELECT url, article_id
FROM article_addresses
WHERE kind = 'main' AND url IN (SELECT value FROM staged_values);
