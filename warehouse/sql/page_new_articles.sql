-- The $articles articles that came in last.
SELECT
    n.first_seen_at,
    n.published_on,
    a.published_precision,
    n.publisher,
    n.title,
    n.top_themes,  -- names of up to three
    n.figures,  -- how many it states
    n.word_count,
    n.url,
    a.language
FROM v_new_articles AS n
JOIN articles AS a USING (article_id)
WHERE n.duplicate_of IS NULL
ORDER BY n.first_seen_at DESC, n.published_on DESC NULLS LAST, n.article_id
LIMIT $articles
