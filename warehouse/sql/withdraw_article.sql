DELETE FROM $table WHERE article_id = ?;
