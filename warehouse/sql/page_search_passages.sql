-- What the page's own search knows of passages: the strongest $each an article, $passages in all, of the $articles
-- newest articles; a sentence that bears out several themes is there once, under the strongest.
WITH newest AS (
    SELECT article_id, published_on, first_seen_at
    FROM articles
    WHERE duplicate_of IS NULL
    ORDER BY published_on DESC NULLS LAST, first_seen_at DESC, article_id
    LIMIT $articles
),
sentences AS (
    SELECT m.*, newest.published_on, newest.first_seen_at
    FROM theme_mentions AS m
    JOIN newest USING (article_id)
    QUALIFY row_number() OVER (
        PARTITION BY m.article_id, m.paragraph_no, m.sentence_start ORDER BY m.score DESC, m.theme_id
    ) = 1
),
chosen AS (
    SELECT * FROM sentences
    QUALIFY row_number() OVER (PARTITION BY article_id ORDER BY score DESC, paragraph_no, sentence_start) <= $each
    ORDER BY published_on DESC NULLS LAST, first_seen_at DESC, article_id, paragraph_no, sentence_start
    LIMIT $passages
)
SELECT
    c.article_id,
    t.label AS theme,
    c.framing,
    substr(p.text, c.sentence_start + 1, c.sentence_end - c.sentence_start) AS sentence,
    c.char_start - c.sentence_start AS mark_start,  -- where the evidence starts in that sentence, from 0
    c.char_end - c.sentence_start AS mark_end  -- where it ends, exclusive
FROM chosen AS c
JOIN paragraphs AS p USING (article_id, paragraph_no)
JOIN themes AS t USING (theme_id)
ORDER BY c.published_on DESC NULLS LAST, c.first_seen_at DESC, c.article_id, c.paragraph_no, c.sentence_start
