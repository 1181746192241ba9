CREATE VIEW v_theme_trend AS
-- A row for each theme in each year of each publisher, also where it says nothing of it: sums over rows are true sums.
WITH totals AS (
    SELECT year(a.published_on) AS year, a.publisher, s.sector, count(*) AS articles
    FROM articles AS a
    LEFT JOIN sources AS s USING (source_id)
    WHERE a.duplicate_of IS NULL
    GROUP BY ALL
),
counted AS (
    SELECT
        year(published_on) AS year,
        publisher,
        sector,
        theme_id,
        count(DISTINCT article_id) AS articles,
        count(*) AS paragraphs,
        count(*) FILTER (framing = 'problem') AS problems,
        count(*) FILTER (framing = 'benefit') AS benefits,
        count(*) FILTER (framing = 'proposal') AS proposals,
        count(*) FILTER (framing = 'context') AS contexts
    FROM v_mentions
    WHERE NOT is_copy
    GROUP BY ALL
)
SELECT
    totals.year,
    totals.publisher,
    totals.sector,
    t.theme_id,
    t.label,
    t.family,
    coalesce(c.articles, 0) AS articles,
    totals.articles AS articles_in_all,
    round(coalesce(c.articles, 0) / totals.articles, 3) AS share_of_articles,
    coalesce(c.paragraphs, 0) AS paragraphs,
    coalesce(c.problems, 0) AS problems,
    coalesce(c.benefits, 0) AS benefits,
    coalesce(c.proposals, 0) AS proposals,
    coalesce(c.contexts, 0) AS contexts,
    round((c.benefits - c.problems) / c.paragraphs, 2) AS framing_balance
FROM totals
CROSS JOIN themes AS t
LEFT JOIN counted AS c
    ON c.theme_id = t.theme_id
    AND c.year IS NOT DISTINCT FROM totals.year
    AND c.publisher IS NOT DISTINCT FROM totals.publisher
    AND c.sector IS NOT DISTINCT FROM totals.sector
ORDER BY totals.year NULLS LAST, totals.publisher NULLS LAST, totals.sector NULLS LAST, articles DESC, t.theme_id;

COMMENT ON VIEW v_theme_trend IS 'Themes by year and publisher, also with zero, so that both counts can be summed over any rows of one theme; near-duplicate articles left out.';
COMMENT ON COLUMN v_theme_trend.year IS 'Year of publication; null where the date is unknown.';
COMMENT ON COLUMN v_theme_trend.publisher IS 'Publisher; null if unknown.';
COMMENT ON COLUMN v_theme_trend.sector IS 'What the publisher is, as the file of sources has it; null for others.';
COMMENT ON COLUMN v_theme_trend.theme_id IS 'The theme.';
COMMENT ON COLUMN v_theme_trend.label IS 'Its name for readers.';
COMMENT ON COLUMN v_theme_trend.family IS 'Group of themes.';
COMMENT ON COLUMN v_theme_trend.articles IS 'Articles of that year and publisher that speak of it; may be 0.';
COMMENT ON COLUMN v_theme_trend.articles_in_all IS 'All articles of that year and publisher, whatever they speak of: the denominator, the same for each theme.';
COMMENT ON COLUMN v_theme_trend.share_of_articles IS 'The former as a share of the latter, 0 to 1. For several rows divide the sums; never average it.';
COMMENT ON COLUMN v_theme_trend.paragraphs IS 'Paragraphs that speak of it.';
COMMENT ON COLUMN v_theme_trend.problems IS 'Of them, those that put it as a problem.';
COMMENT ON COLUMN v_theme_trend.benefits IS 'Those that put it as a benefit.';
COMMENT ON COLUMN v_theme_trend.proposals IS 'Those that propose something.';
COMMENT ON COLUMN v_theme_trend.contexts IS 'Those that describe without judgement.';
COMMENT ON COLUMN v_theme_trend.framing_balance IS 'From -1, all problems, to 1, all benefits; null where it is not spoken of. For several rows take (sum(benefits) - sum(problems)) / sum(paragraphs).';
