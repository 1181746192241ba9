CREATE VIEW v_publisher_themes AS
-- A row for each theme of each publisher, also where it says nothing of it: sums and means over rows are true.
WITH totals AS (
    SELECT publisher, count(*) AS articles FROM articles WHERE duplicate_of IS NULL GROUP BY publisher
),
counted AS (
    SELECT
        a.publisher,
        m.theme_id,
        count(DISTINCT m.article_id) AS articles,
        count(*) AS paragraphs,
        count(*) FILTER (m.framing = 'problem') AS problems,
        count(*) FILTER (m.framing = 'benefit') AS benefits,
        count(*) FILTER (m.framing = 'proposal') AS proposals,
        count(*) FILTER (m.framing = 'context') AS contexts,
        min(a.published_on) AS first_published_on,
        max(a.published_on) AS last_published_on
    FROM theme_mentions AS m
    JOIN articles AS a USING (article_id)
    WHERE a.duplicate_of IS NULL
    GROUP BY ALL
)
SELECT
    totals.publisher,
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
    round((c.benefits - c.problems) / c.paragraphs, 2) AS framing_balance,
    c.first_published_on,
    c.last_published_on
FROM totals
CROSS JOIN themes AS t
LEFT JOIN counted AS c ON c.theme_id = t.theme_id AND c.publisher IS NOT DISTINCT FROM totals.publisher
ORDER BY totals.publisher NULLS LAST, paragraphs DESC, t.theme_id;

COMMENT ON VIEW v_publisher_themes IS 'Who says what: the themes of each publisher and how it puts them, also with zero where it says nothing; near-duplicate articles left out.';
COMMENT ON COLUMN v_publisher_themes.publisher IS 'Publisher; null if unknown.';
COMMENT ON COLUMN v_publisher_themes.theme_id IS 'The theme.';
COMMENT ON COLUMN v_publisher_themes.label IS 'Its name for readers.';
COMMENT ON COLUMN v_publisher_themes.family IS 'Group of themes.';
COMMENT ON COLUMN v_publisher_themes.articles IS 'Articles of the publisher that speak of it; may be 0.';
COMMENT ON COLUMN v_publisher_themes.articles_in_all IS 'All articles of the publisher, whatever they speak of.';
COMMENT ON COLUMN v_publisher_themes.share_of_articles IS 'The former as a share of the latter, 0 to 1. For several publishers divide the sums.';
COMMENT ON COLUMN v_publisher_themes.paragraphs IS 'Paragraphs that speak of it.';
COMMENT ON COLUMN v_publisher_themes.problems IS 'Of them, those that put it as a problem.';
COMMENT ON COLUMN v_publisher_themes.benefits IS 'Those that put it as a benefit.';
COMMENT ON COLUMN v_publisher_themes.proposals IS 'Those that propose something.';
COMMENT ON COLUMN v_publisher_themes.contexts IS 'Those that describe without judgement.';
COMMENT ON COLUMN v_publisher_themes.framing_balance IS 'From -1, all problems, to 1, all benefits; null where it is not spoken of.';
COMMENT ON COLUMN v_publisher_themes.first_published_on IS 'Date of the first such article; the first day of its year or month where no more is known.';
COMMENT ON COLUMN v_publisher_themes.last_published_on IS 'Date of the last such article; the first day of its year or month where no more is known.';
