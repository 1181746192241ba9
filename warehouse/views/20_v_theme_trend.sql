CREATE VIEW v_theme_trend AS
WITH totals AS (
    SELECT year(published_on) AS year, publisher, count(*) AS articles
    FROM articles
    WHERE duplicate_of IS NULL
    GROUP BY ALL
),
counted AS (
    SELECT
        year(a.published_on) AS year,
        a.publisher,
        m.theme_id,
        count(DISTINCT m.article_id) AS articles,
        count(*) AS paragraphs,
        count(*) FILTER (m.framing = 'problem') AS problems,
        count(*) FILTER (m.framing = 'benefit') AS benefits
    FROM theme_mentions AS m
    JOIN articles AS a USING (article_id)
    WHERE a.duplicate_of IS NULL
    GROUP BY ALL
)
SELECT
    c.year,
    c.publisher,
    c.theme_id,
    t.label,
    t.family,
    c.articles,
    totals.articles AS articles_in_all,
    round(c.articles / totals.articles, 3) AS share_of_articles,
    c.paragraphs,
    round((c.benefits - c.problems) / c.paragraphs, 2) AS framing_balance
FROM counted AS c
JOIN totals ON totals.year IS NOT DISTINCT FROM c.year AND totals.publisher IS NOT DISTINCT FROM c.publisher
JOIN themes AS t USING (theme_id)
ORDER BY c.year NULLS LAST, c.publisher NULLS LAST, c.articles DESC, c.theme_id;

COMMENT ON VIEW v_theme_trend IS 'Themes by year and publisher, near-duplicate articles left out.';
COMMENT ON COLUMN v_theme_trend.year IS 'Year of publication; null where the date is unknown.';
COMMENT ON COLUMN v_theme_trend.publisher IS 'Publisher; null if unknown.';
COMMENT ON COLUMN v_theme_trend.theme_id IS 'The theme.';
COMMENT ON COLUMN v_theme_trend.label IS 'Its name for readers.';
COMMENT ON COLUMN v_theme_trend.family IS 'Group of themes.';
COMMENT ON COLUMN v_theme_trend.articles IS 'Articles of that year and publisher that speak of it.';
COMMENT ON COLUMN v_theme_trend.articles_in_all IS 'All articles of that year and publisher.';
COMMENT ON COLUMN v_theme_trend.share_of_articles IS 'The former as a share of the latter, 0 to 1.';
COMMENT ON COLUMN v_theme_trend.paragraphs IS 'Paragraphs that speak of it.';
COMMENT ON COLUMN v_theme_trend.framing_balance IS 'From -1, all problems, to 1, all benefits.';
