SELECT url, status, reason, relevance, article_id, overruled
FROM candidates
WHERE url IN (SELECT value FROM staged_values);
