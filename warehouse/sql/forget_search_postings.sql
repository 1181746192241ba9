DELETE FROM search_postings
WHERE passage_id IN (
    SELECT passage_id FROM search_passages WHERE article_id IN (SELECT value FROM staged_values)
);
