CREATE VIEW v_publisher_themes AS
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
    c.publisher,
    c.theme_id,
    t.label,
    t.family,
    c.articles,
    round(c.articles / totals.articles, 3) AS share_of_articles,
    c.paragraphs,
    c.problems,
    c.benefits,
    c.proposals,
    c.contexts,
    round((c.benefits - c.problems) / c.paragraphs, 2) AS framing_balance,
    c.first_published_on,
    c.last_published_on
FROM counted AS c
JOIN totals ON totals.publisher IS NOT DISTINCT FROM c.publisher
JOIN themes AS t USING (theme_id)
ORDER BY c.publisher NULLS LAST, c.paragraphs DESC, c.theme_id;

COMMENT ON VIEW v_publisher_themes IS 'Who says what: the themes of each publisher and how it puts them, near-duplicate articles left out.';
COMMENT ON COLUMN v_publisher_themes.publisher IS 'Publisher; null if unknown.';
COMMENT ON COLUMN v_publisher_themes.theme_id IS 'The theme.';
COMMENT ON COLUMN v_publisher_themes.label IS 'Its name for readers.';
COMMENT ON COLUMN v_publisher_themes.family IS 'Group of themes.';
COMMENT ON COLUMN v_publisher_themes.articles IS 'Articles of the publisher that speak of it.';
COMMENT ON COLUMN v_publisher_themes.share_of_articles IS 'Their share of all its articles, 0 to 1.';
COMMENT ON COLUMN v_publisher_themes.paragraphs IS 'Paragraphs that speak of it.';
COMMENT ON COLUMN v_publisher_themes.problems IS 'Of them, those that put it as a problem.';
COMMENT ON COLUMN v_publisher_themes.benefits IS 'Those that put it as a benefit.';
COMMENT ON COLUMN v_publisher_themes.proposals IS 'Those that propose something.';
COMMENT ON COLUMN v_publisher_themes.contexts IS 'Those that describe without judgement.';
COMMENT ON COLUMN v_publisher_themes.framing_balance IS 'From -1, all problems, to 1, all benefits.';
COMMENT ON COLUMN v_publisher_themes.first_published_on IS 'Date of the first such article.';
COMMENT ON COLUMN v_publisher_themes.last_published_on IS 'Date of the last such article.';
