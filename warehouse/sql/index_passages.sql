-- Word counts follow from what is indexed: `count_passage_words`.
INSERT INTO search_passages BY NAME
SELECT
    row_number() OVER (ORDER BY article_id, paragraph_no)
        + (SELECT coalesce(max(passage_id), 0) FROM search_passages) AS passage_id,
    article_id,
    paragraph_no,
    0 AS word_count
FROM paragraphs
WHERE article_id IN (SELECT value FROM staged_values);
