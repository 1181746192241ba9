DELETE FROM $table WHERE article_id IN (SELECT article_id FROM staged_articles);
