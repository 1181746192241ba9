DELETE FROM search_articles WHERE article_id IN (SELECT unnest(?::VARCHAR[]));
