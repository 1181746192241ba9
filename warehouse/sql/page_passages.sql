-- The best passages of each theme: the strongest evidence, one an article, at most $passages a theme.
WITH best_of_article AS (
    SELECT m.*
    FROM theme_mentions AS m
    JOIN paragraphs AS p USING (article_id, paragraph_no)
    JOIN articles AS a USING (article_id)
    WHERE a.duplicate_of IS NULL AND p.kind IN ('prose', 'quote', 'list_item')
    QUALIFY row_number() OVER (PARTITION BY m.theme_id, m.article_id ORDER BY m.score DESC, m.paragraph_no) = 1
),
chosen AS (
    SELECT * FROM best_of_article
    QUALIFY row_number() OVER (PARTITION BY theme_id ORDER BY score DESC, article_id, paragraph_no) <= $passages
)
SELECT
    c.theme_id,
    c.framing,
    substr(p.text, c.sentence_start + 1, c.sentence_end - c.sentence_start) AS sentence,
    c.char_start - c.sentence_start AS mark_start,  -- where the evidence starts in that sentence, from 0
    c.char_end - c.sentence_start AS mark_end,  -- where it ends, exclusive
    a.title,
    a.publisher,
    a.published_on,
    a.published_precision,
    a.url,
    a.language
FROM chosen AS c
JOIN paragraphs AS p USING (article_id, paragraph_no)
JOIN articles AS a USING (article_id)
ORDER BY c.theme_id, c.score DESC, c.article_id, c.paragraph_no
