DELETE FROM version_changes WHERE article_id = ? AND version = ?;
