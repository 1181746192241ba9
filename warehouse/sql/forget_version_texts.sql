UPDATE article_versions
SET text = NULL
WHERE article_id = ? AND version >= ? AND version < ? AND text IS NOT NULL;
