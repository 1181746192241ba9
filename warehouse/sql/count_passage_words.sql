UPDATE search_passages AS passage
SET word_count = counted.word_count
FROM (SELECT passage_id, sum(occurrences) AS word_count FROM index_tokens GROUP BY passage_id) AS counted
WHERE counted.passage_id = passage.passage_id;
