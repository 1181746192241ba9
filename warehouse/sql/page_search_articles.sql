-- What the page's own search knows of articles: the $articles newest.
SELECT
    n.article_id,
    n.title,
    n.publisher,
    n.published_on,
    a.published_precision,
    n.top_themes,
    n.url
FROM v_new_articles AS n
JOIN articles AS a USING (article_id)
WHERE n.duplicate_of IS NULL
ORDER BY n.published_on DESC NULLS LAST, n.first_seen_at DESC, n.article_id
LIMIT $articles
