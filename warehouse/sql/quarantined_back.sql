INSERT INTO $table BY NAME SELECT * FROM last_published.$table WHERE article_id IN (SELECT value FROM staged_values);
