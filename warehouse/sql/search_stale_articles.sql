-- Articles whose present content is not in the index, and those in the index that were withdrawn.
SELECT article_id
FROM articles AS a
FULL JOIN search_articles AS s USING (article_id)
WHERE s.content_hash IS DISTINCT FROM a.content_hash
ORDER BY article_id
LIMIT ?;
