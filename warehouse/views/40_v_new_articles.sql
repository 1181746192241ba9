CREATE VIEW v_new_articles AS
WITH top_themes AS (
    SELECT
        article_id,
        list(label ORDER BY paragraphs DESC, label)[:3] AS themes
    FROM (
        SELECT m.article_id, t.label, count(*) AS paragraphs
        FROM theme_mentions AS m
        JOIN themes AS t USING (theme_id)
        GROUP BY m.article_id, t.label
    )
    GROUP BY article_id
),
counted AS (
    SELECT article_id, count(*) AS figures FROM figures GROUP BY article_id
)
SELECT
    a.first_seen_at,
    readable_date(a.published_on, a.published_precision) AS published,
    a.publisher,
    a.title,
    coalesce(top_themes.themes, []) AS top_themes,
    coalesce(counted.figures, 0) AS figures,
    a.word_count,
    round(a.relevance, 2) AS relevance,
    a.version,
    a.duplicate_of IS NOT NULL AS is_copy,
    a.duplicate_of,
    a.url,
    a.published_on,
    a.source_id,
    a.article_id
FROM articles AS a
LEFT JOIN top_themes USING (article_id)
LEFT JOIN counted USING (article_id)
ORDER BY a.first_seen_at DESC, a.published_on DESC NULLS LAST, a.article_id;

COMMENT ON VIEW v_new_articles IS 'Articles with their top themes and number of figures, latest come in first.';
COMMENT ON COLUMN v_new_articles.first_seen_at IS 'When the article came in.';
COMMENT ON COLUMN v_new_articles.published IS 'Date of the article as exactly as it is known: 2019, 2019-03 or 2019-03-04.';
COMMENT ON COLUMN v_new_articles.publisher IS 'Its publisher.';
COMMENT ON COLUMN v_new_articles.title IS 'Its title.';
COMMENT ON COLUMN v_new_articles.top_themes IS 'The up to three themes that most of its paragraphs speak of.';
COMMENT ON COLUMN v_new_articles.figures IS 'Number of its figures.';
COMMENT ON COLUMN v_new_articles.word_count IS 'Its length in words.';
COMMENT ON COLUMN v_new_articles.relevance IS 'How much it is commentary on NHS and independent-sector partnership, 0 to 1.';
COMMENT ON COLUMN v_new_articles.version IS 'Its version; above 1 if it was edited.';
COMMENT ON COLUMN v_new_articles.is_copy IS 'Whether the article nearly repeats an earlier one; counts leave such articles out.';
COMMENT ON COLUMN v_new_articles.duplicate_of IS 'The earlier article that it nearly repeats.';
COMMENT ON COLUMN v_new_articles.url IS 'Its address.';
COMMENT ON COLUMN v_new_articles.published_on IS 'Date of the article; the first day of the year or month where no more is known.';
COMMENT ON COLUMN v_new_articles.source_id IS 'Source that it was found at.';
COMMENT ON COLUMN v_new_articles.article_id IS 'The article.';

CREATE MACRO new_articles(since) AS TABLE
    SELECT * FROM v_new_articles WHERE first_seen_at >= since::TIMESTAMPTZ;
COMMENT ON MACRO TABLE new_articles IS 'Articles that came in since a date: SELECT * FROM new_articles(DATE ''2026-01-31'').';
