SELECT url, article_id
FROM article_addresses
WHERE url IN (SELECT value FROM staged_values);
