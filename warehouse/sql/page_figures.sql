-- The most telling figures: those of which most is known (what, when, whose, from where), newest article first, one a
-- sentence, at most three an article, $figures in all; near-duplicate articles are left out.
WITH weighed AS (
    SELECT
        f.*,
        (f.measure IS NOT NULL)::INTEGER + 2 * (f.period_start IS NOT NULL OR f.period_end IS NOT NULL)::INTEGER
        + (f.attribution IS NOT NULL)::INTEGER + (f.change IS NOT NULL)::INTEGER
        + (f.change_from IS NOT NULL)::INTEGER + (f.kind IN ('money', 'percent', 'rate'))::INTEGER AS known,
        a.title, a.publisher, a.published_on, a.published_precision, a.url, a.language
    FROM figures AS f
    JOIN articles AS a USING (article_id)
    WHERE a.duplicate_of IS NULL
    QUALIFY row_number() OVER (
        PARTITION BY f.article_id, f.paragraph_no, f.sentence_start ORDER BY known DESC, f.char_start
    ) = 1
),
chosen AS (
    SELECT * FROM weighed
    QUALIFY row_number() OVER (PARTITION BY article_id ORDER BY known DESC, paragraph_no, char_start) <= 3
    ORDER BY known DESC, published_on DESC NULLS LAST, figure_id
    LIMIT $figures
)
SELECT
    c.kind,
    c.value,
    c.value_low,  -- null where open
    c.value_high,
    c.unit,
    c.qualifier,
    c.period_start,
    c.period_end,
    c.period_text,
    c.measure,  -- what it measures, in the words of the text
    c.change,
    c.attribution,  -- who states it, where the text says
    earlier.surface AS changed_from,  -- the figure that it moved from, in the words of the text
    substr(p.text, c.sentence_start + 1, c.sentence_end - c.sentence_start) AS sentence,
    c.char_start - c.sentence_start AS mark_start,  -- where the figure starts in that sentence, from 0
    c.char_end - c.sentence_start AS mark_end,  -- where it ends, exclusive
    c.title,
    c.publisher,
    c.published_on,
    c.published_precision,
    c.url,
    c.language
FROM chosen AS c
JOIN paragraphs AS p USING (article_id, paragraph_no)
LEFT JOIN figures AS earlier ON earlier.figure_id = c.change_from
ORDER BY c.known DESC, c.published_on DESC NULLS LAST, c.figure_id
