-- Themes by publisher, for the $publishers publishers with most articles; unknown publishers are left out.
WITH largest AS (
    SELECT publisher, count(*) AS articles
    FROM articles
    WHERE duplicate_of IS NULL AND publisher IS NOT NULL
    GROUP BY publisher
    ORDER BY articles DESC, publisher
    LIMIT $publishers
),
shares AS (
    SELECT v.publisher, v.theme_id, sum(v.share_of_paragraphs) AS shares
    FROM v_article_themes AS v
    JOIN articles AS a USING (article_id)
    WHERE a.duplicate_of IS NULL
    GROUP BY ALL
)
SELECT
    largest.publisher,
    t.theme_id,
    largest.articles,  -- all articles of the publisher, whatever their themes
    coalesce(shares.shares, 0) / largest.articles AS attention  -- mean share of an article's paragraphs, 0 to 1
FROM largest
CROSS JOIN themes AS t
LEFT JOIN shares ON shares.publisher = largest.publisher AND shares.theme_id = t.theme_id
ORDER BY largest.articles DESC, largest.publisher, t.theme_id
