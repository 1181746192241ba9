SELECT url, article_id
FROM article_addresses
WHERE kind = 'main' AND url IN (SELECT unnest(?::VARCHAR[]));
