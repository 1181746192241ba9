-- Themes by year of publication, each article counted alike however long it is; undated articles are left out.
WITH years AS (
    SELECT year(published_on) AS year, count(*) AS articles
    FROM articles
    WHERE duplicate_of IS NULL AND published_on IS NOT NULL
    GROUP BY year
),
shares AS (
    SELECT year(v.published_on) AS year, v.theme_id, sum(v.share_of_paragraphs) AS shares
    FROM v_article_themes AS v
    JOIN articles AS a USING (article_id)
    WHERE a.duplicate_of IS NULL AND v.published_on IS NOT NULL
    GROUP BY ALL
)
SELECT
    years.year,
    t.theme_id,
    years.articles,  -- all articles of that year, whatever their themes
    coalesce(shares.shares, 0) / years.articles AS attention  -- mean share of an article's paragraphs, 0 to 1
FROM years
CROSS JOIN themes AS t
LEFT JOIN shares ON shares.year = years.year AND shares.theme_id = t.theme_id
ORDER BY years.year, t.theme_id
