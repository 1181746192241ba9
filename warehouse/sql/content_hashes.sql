SELECT article_id, content_hash FROM articles WHERE article_id IN (SELECT value FROM staged_values);
