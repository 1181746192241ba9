-- Words that are in most sentences tell nothing and would make up half of the index.
CREATE OR REPLACE TEMP TABLE index_tokens AS
SELECT passage_id, word, count(*) AS occurrences
FROM (
    SELECT passage.passage_id, unnest(search_tokens(p.text)) AS word
    FROM paragraphs AS p
    JOIN search_passages AS passage USING (article_id, paragraph_no)
    WHERE p.article_id IN (SELECT value FROM staged_values)
)
WHERE word NOT IN (
    'a', 'an', 'and', 'are', 'as', 'at', 'be', 'been', 'but', 'by', 'can', 'do', 'for', 'from', 'had', 'has', 'have',
    'he', 'her', 'his', 'i', 'if', 'in', 'into', 'is', 'it', 'its', 'of', 'on', 'or', 'our', 'she', 'so', 'than', 'that',
    'the', 'their', 'them', 'then', 'there', 'these', 'they', 'this', 'those', 'to', 'was', 'we', 'were', 'which', 'who',
    'will', 'with', 'would', 'you', 'your'
)
GROUP BY passage_id, word;
