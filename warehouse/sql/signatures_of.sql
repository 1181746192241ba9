SELECT article_id, signature
FROM article_signatures
WHERE article_id IN (SELECT unnest(?::VARCHAR[]));
