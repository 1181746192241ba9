CREATE VIEW v_theme_counts AS
SELECT
    t.theme_id,
    t.label,
    t.family,
    count(m.theme_id) AS paragraphs,
    count(DISTINCT m.article_id) AS articles,
    count(m.theme_id) FILTER (m.framing = 'problem') AS problems,
    count(m.theme_id) FILTER (m.framing = 'benefit') AS benefits,
    count(m.theme_id) FILTER (m.framing = 'proposal') AS proposals,
    count(m.theme_id) FILTER (m.framing = 'context') AS contexts
FROM themes AS t
LEFT JOIN (
    SELECT theme_mentions.* FROM theme_mentions JOIN articles USING (article_id) WHERE duplicate_of IS NULL
) AS m USING (theme_id)
GROUP BY t.theme_id, t.label, t.family
ORDER BY articles DESC, paragraphs DESC, t.theme_id;

COMMENT ON VIEW v_theme_counts IS 'How often each theme is spoken of, near-duplicate articles counted once.';
COMMENT ON COLUMN v_theme_counts.theme_id IS 'The theme.';
COMMENT ON COLUMN v_theme_counts.label IS 'Its name for readers.';
COMMENT ON COLUMN v_theme_counts.family IS 'Group of themes.';
COMMENT ON COLUMN v_theme_counts.paragraphs IS 'Paragraphs that say something about it.';
COMMENT ON COLUMN v_theme_counts.articles IS 'Articles with such a paragraph.';
COMMENT ON COLUMN v_theme_counts.problems IS 'Of the paragraphs, those that put it as a problem.';
COMMENT ON COLUMN v_theme_counts.benefits IS 'Those that put it as a benefit.';
COMMENT ON COLUMN v_theme_counts.proposals IS 'Those that propose something.';
COMMENT ON COLUMN v_theme_counts.contexts IS 'Those that describe without judgement.';

CREATE VIEW v_article_themes AS
WITH sizes AS (
    SELECT article_id, count(*) AS paragraphs FROM paragraphs GROUP BY article_id
),
counted AS (
    SELECT
        article_id,
        theme_id,
        count(*) AS paragraphs,
        count(*) FILTER (framing = 'problem') AS problems,
        count(*) FILTER (framing = 'benefit') AS benefits,
        count(*) FILTER (framing = 'proposal') AS proposals,
        count(*) FILTER (framing = 'context') AS contexts,
        arg_max(
            {'paragraph_no': paragraph_no, 'sentence_start': sentence_start, 'sentence_end': sentence_end},
            {'score': score, 'earlier': -paragraph_no}
        ) AS best
    FROM theme_mentions
    GROUP BY article_id, theme_id
)
SELECT
    readable_date(a.published_on, a.published_precision) AS published,
    a.publisher,
    a.title,
    t.label,
    round((c.benefits - c.problems) / c.paragraphs, 2) AS framing_balance,
    c.paragraphs,
    substr(p.text, c.best.sentence_start + 1, c.best.sentence_end - c.best.sentence_start) AS best_passage,
    round(c.paragraphs / s.paragraphs, 3) AS share_of_paragraphs,
    c.problems,
    c.benefits,
    c.proposals,
    c.contexts,
    t.family,
    c.best.paragraph_no AS best_paragraph_no,
    a.duplicate_of IS NOT NULL AS is_copy,
    a.published_on,
    c.theme_id,
    c.article_id
FROM counted AS c
JOIN sizes AS s USING (article_id)
JOIN articles AS a USING (article_id)
JOIN themes AS t USING (theme_id)
JOIN paragraphs AS p ON p.article_id = c.article_id AND p.paragraph_no = c.best.paragraph_no;

COMMENT ON VIEW v_article_themes IS 'What each article is about: its themes, how much of it they take, how it puts them, and the best passage of each.';
COMMENT ON COLUMN v_article_themes.published IS 'Date of the article as exactly as it is known: 2019, 2019-03 or 2019-03-04.';
COMMENT ON COLUMN v_article_themes.publisher IS 'Its publisher.';
COMMENT ON COLUMN v_article_themes.title IS 'Its title.';
COMMENT ON COLUMN v_article_themes.label IS 'Name of the theme for readers.';
COMMENT ON COLUMN v_article_themes.framing_balance IS 'From -1, all problems, to 1, all benefits.';
COMMENT ON COLUMN v_article_themes.paragraphs IS 'Paragraphs that say something about the theme.';
COMMENT ON COLUMN v_article_themes.best_passage IS 'The sentence of that evidence.';
COMMENT ON COLUMN v_article_themes.share_of_paragraphs IS 'Their share of all paragraphs of the article, 0 to 1.';
COMMENT ON COLUMN v_article_themes.problems IS 'Of them, those that put it as a problem.';
COMMENT ON COLUMN v_article_themes.benefits IS 'Those that put it as a benefit.';
COMMENT ON COLUMN v_article_themes.proposals IS 'Those that propose something.';
COMMENT ON COLUMN v_article_themes.contexts IS 'Those that describe without judgement.';
COMMENT ON COLUMN v_article_themes.family IS 'Group of themes.';
COMMENT ON COLUMN v_article_themes.best_paragraph_no IS 'Paragraph with the strongest evidence.';
COMMENT ON COLUMN v_article_themes.is_copy IS 'Whether the article nearly repeats an earlier one; counts leave such articles out.';
COMMENT ON COLUMN v_article_themes.published_on IS 'Date of the article; the first day of the year or month where no more is known.';
COMMENT ON COLUMN v_article_themes.theme_id IS 'The theme.';
COMMENT ON COLUMN v_article_themes.article_id IS 'The article.';

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
