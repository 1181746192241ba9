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
