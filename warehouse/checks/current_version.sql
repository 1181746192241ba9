-- The current version of an article is its latest one, with the same content.
SELECT a.article_id, a.version, max(v.version) AS latest
FROM articles AS a
LEFT JOIN article_versions AS v USING (article_id)
GROUP BY ALL
HAVING coalesce(max(v.version), 0) <> a.version
    OR count(*) FILTER (v.version = a.version AND v.content_hash = a.content_hash) <> 1;
