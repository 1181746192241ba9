-- The search index holds every paragraph of the articles that it has in their present content, once, and no other.
WITH indexed AS (
    SELECT article_id FROM search_articles SEMI JOIN articles USING (article_id, content_hash)
)
SELECT 'not there' AS fault, article_id, paragraph_no
FROM search_passages
SEMI JOIN indexed USING (article_id)
ANTI JOIN paragraphs USING (article_id, paragraph_no)
UNION ALL
SELECT 'not indexed', article_id, paragraph_no
FROM paragraphs
SEMI JOIN indexed USING (article_id)
ANTI JOIN search_passages USING (article_id, paragraph_no)
UNION ALL
SELECT 'twice', any_value(article_id), any_value(paragraph_no) FROM search_passages GROUP BY passage_id HAVING count(*) > 1
UNION ALL
SELECT 'of nothing', NULL, NULL FROM search_postings ANTI JOIN search_passages USING (passage_id);
