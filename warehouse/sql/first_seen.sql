SELECT article_id, first_seen_at
FROM articles
WHERE article_id IN (SELECT article_id FROM staged_articles);
