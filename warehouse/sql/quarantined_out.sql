DELETE FROM $table WHERE article_id IN (SELECT value FROM staged_values);
