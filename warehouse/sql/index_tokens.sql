CREATE OR REPLACE TEMP TABLE index_tokens AS
SELECT passage_id, word, count(*) AS occurrences
FROM (
    SELECT passage.passage_id, unnest(search_words_of(p.text)) AS word
    FROM paragraphs AS p
    JOIN search_passages AS passage USING (article_id, paragraph_no)
    WHERE p.article_id IN (SELECT unnest(?::VARCHAR[]))
)
GROUP BY passage_id, word;
