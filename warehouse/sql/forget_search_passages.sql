DELETE FROM search_passages WHERE article_id IN (SELECT value FROM staged_values);
