DELETE FROM search_passages WHERE article_id IN (SELECT unnest(?::VARCHAR[]));
