UPDATE article_versions
SET text = NULL
WHERE article_id = ? AND version IN (SELECT unnest(?::INTEGER[])) AND text IS NOT NULL;
