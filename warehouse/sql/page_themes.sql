-- Every theme with how much is said of it and how, most spoken of first; near-duplicate articles are left out.
WITH originals AS (
    SELECT count(*) AS articles FROM articles WHERE duplicate_of IS NULL
),
shares AS (
    SELECT theme_id, sum(share_of_paragraphs) AS shares
    FROM v_article_themes
    SEMI JOIN (SELECT article_id FROM articles WHERE duplicate_of IS NULL) USING (article_id)
    GROUP BY theme_id
)
SELECT
    c.theme_id,
    c.label,
    t.definition,
    c.paragraphs,  -- paragraphs that speak of it
    c.articles,  -- articles that do
    c.problems,  -- of the paragraphs, by framing
    c.benefits,
    c.proposals,
    c.contexts,
    coalesce(shares.shares / nullif(originals.articles, 0), 0) AS attention  -- mean share of an article's paragraphs, 0 to 1
FROM v_theme_counts AS c
JOIN themes AS t USING (theme_id)
LEFT JOIN shares USING (theme_id)
CROSS JOIN originals
ORDER BY attention DESC, c.paragraphs DESC, c.theme_id
