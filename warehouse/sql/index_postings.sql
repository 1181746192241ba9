-- Ordered by stem, so that a search reads little of the table.
INSERT INTO search_postings BY NAME
SELECT w.stem_id, t.passage_id, sum(t.occurrences) AS occurrences
FROM index_tokens AS t
JOIN search_words AS w USING (word)
GROUP BY w.stem_id, t.passage_id
ORDER BY w.stem_id, t.passage_id;
