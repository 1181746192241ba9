-- Articles whose present content is not in the index. Articles are never deleted.
SELECT a.article_id
FROM articles AS a
LEFT JOIN search_articles AS s USING (article_id)
WHERE s.content_hash IS DISTINCT FROM a.content_hash
ORDER BY a.article_id
LIMIT ?;
