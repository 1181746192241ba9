-- What nearly repeated an article that is not there stands for itself.
UPDATE articles SET duplicate_of = NULL WHERE duplicate_of NOT IN (SELECT article_id FROM articles);
