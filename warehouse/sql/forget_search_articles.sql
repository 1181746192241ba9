DELETE FROM search_articles WHERE article_id IN (SELECT value FROM staged_values);
