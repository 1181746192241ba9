CREATE VIEW v_theme_pairs AS
WITH mentions AS (
    SELECT m.article_id, m.paragraph_no, m.theme_id
    FROM theme_mentions AS m
    JOIN articles AS a USING (article_id)
    WHERE a.duplicate_of IS NULL
),
by_article AS (
    SELECT DISTINCT article_id, theme_id FROM mentions
),
originals AS (
    SELECT count(*) AS articles FROM articles WHERE duplicate_of IS NULL
),
alone AS (
    SELECT theme_id, count(*) AS articles FROM by_article GROUP BY theme_id
),
in_articles AS (
    SELECT x.theme_id AS theme_a, y.theme_id AS theme_b, count(*) AS articles
    FROM by_article AS x
    JOIN by_article AS y ON y.article_id = x.article_id AND x.theme_id < y.theme_id
    GROUP BY ALL
),
in_paragraphs AS (
    SELECT x.theme_id AS theme_a, y.theme_id AS theme_b, count(*) AS paragraphs
    FROM mentions AS x
    JOIN mentions AS y
        ON y.article_id = x.article_id AND y.paragraph_no = x.paragraph_no AND x.theme_id < y.theme_id
    GROUP BY ALL
)
SELECT
    theme_a,
    theme_b,
    coalesce(in_paragraphs.paragraphs, 0) AS paragraphs,
    in_articles.articles,
    round(in_articles.articles * originals.articles / (a.articles * b.articles), 2) AS lift
FROM in_articles
LEFT JOIN in_paragraphs USING (theme_a, theme_b)
JOIN alone AS a ON a.theme_id = theme_a
JOIN alone AS b ON b.theme_id = theme_b
CROSS JOIN originals
ORDER BY paragraphs DESC, in_articles.articles DESC, theme_a, theme_b;

COMMENT ON VIEW v_theme_pairs IS 'Which themes go together, each pair once, near-duplicate articles left out.';
COMMENT ON COLUMN v_theme_pairs.theme_a IS 'One theme, the first by name.';
COMMENT ON COLUMN v_theme_pairs.theme_b IS 'The other theme.';
COMMENT ON COLUMN v_theme_pairs.paragraphs IS 'Paragraphs that speak of both.';
COMMENT ON COLUMN v_theme_pairs.articles IS 'Articles that speak of both.';
COMMENT ON COLUMN v_theme_pairs.lift IS 'How much more often than by chance articles speak of both: 1 is chance.';
