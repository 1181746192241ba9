-- Relevance and word counts are within their ranges.
SELECT article_id, relevance, word_count FROM articles
WHERE NOT relevance BETWEEN 0 AND 1 OR word_count < 0;
