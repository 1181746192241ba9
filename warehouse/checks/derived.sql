-- name: term_evidence
-- An emerging term is there once, and stands in its example paragraph at its offsets.
SELECT t.term, t.article_id, t.paragraph_no
FROM emerging_terms AS t
LEFT JOIN paragraphs AS p USING (article_id, paragraph_no)
WHERE p.text IS NULL OR lower(substr(p.text, t.char_start + 1, t.char_end - t.char_start)) <> lower(t.term)
UNION ALL
SELECT term, NULL, NULL FROM emerging_terms GROUP BY term HAVING count(*) > 1;

-- name: search_index
-- The search index holds title and authors (paragraph 0) and every paragraph of the articles that it has in their present
-- content, once, and nothing else.
WITH indexed AS (
    SELECT article_id FROM search_articles SEMI JOIN articles USING (article_id, content_hash)
),
texts AS (
    SELECT article_id, paragraph_no FROM paragraphs
    UNION ALL
    SELECT article_id, 0 FROM articles
)
SELECT 'not there' AS fault, article_id, paragraph_no
FROM search_passages
SEMI JOIN indexed USING (article_id)
ANTI JOIN texts USING (article_id, paragraph_no)
UNION ALL
SELECT 'not indexed', article_id, paragraph_no
FROM texts
SEMI JOIN indexed USING (article_id)
ANTI JOIN search_passages USING (article_id, paragraph_no)
UNION ALL
SELECT 'twice', any_value(article_id), any_value(paragraph_no) FROM search_passages GROUP BY passage_id HAVING count(*) > 1
UNION ALL
SELECT 'of nothing', NULL, NULL FROM search_postings ANTI JOIN search_passages USING (passage_id);
