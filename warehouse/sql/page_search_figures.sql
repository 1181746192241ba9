-- What the page's own search knows of figures: one a sentence, up to $each an article, $figures in all, of the $articles
-- newest articles.
WITH newest AS (
    SELECT article_id, published_on, first_seen_at
    FROM articles
    WHERE duplicate_of IS NULL
    ORDER BY published_on DESC NULLS LAST, first_seen_at DESC, article_id
    LIMIT $articles
),
weighed AS (
    SELECT
        f.*,
        newest.published_on,
        newest.first_seen_at,
        (f.period_text IS NOT NULL)::INTEGER + (f.kind IN ('money', 'percent'))::INTEGER AS telling
    FROM figures AS f
    JOIN newest USING (article_id)
    QUALIFY row_number() OVER (
        PARTITION BY f.article_id, f.paragraph_no, f.sentence_start ORDER BY telling DESC, f.char_start
    ) = 1
),
chosen AS (
    SELECT * FROM weighed
    QUALIFY row_number() OVER (PARTITION BY article_id ORDER BY telling DESC, paragraph_no, char_start) <= $each
    ORDER BY published_on DESC NULLS LAST, first_seen_at DESC, article_id, paragraph_no, char_start
    LIMIT $figures
)
SELECT
    c.article_id,
    substr(p.text, c.sentence_start + 1, c.sentence_end - c.sentence_start) AS sentence,
    c.char_start - c.sentence_start AS mark_start,  -- where the figure starts in that sentence, from 0
    c.char_end - c.sentence_start AS mark_end  -- where it ends, exclusive
FROM chosen AS c
JOIN paragraphs AS p USING (article_id, paragraph_no)
ORDER BY c.published_on DESC NULLS LAST, c.first_seen_at DESC, c.article_id, c.paragraph_no, c.char_start
