SELECT url, article_id
FROM article_addresses
WHERE url IN (SELECT unnest(?::VARCHAR[]));
