CREATE VIEW v_stance AS
-- By the actor's own quotations where a theme's evidence lies within them, and its own articles outside the quotations of others.
WITH said AS (
    SELECT q.speaker_id AS actor_id, 'quotation' AS said_in, q.article_id, q.paragraph_no, q.char_start, q.char_end
    FROM quotations AS q
    WHERE q.speaker_id IS NOT NULL
    UNION ALL
    SELECT q.speaks_for, 'quotation', q.article_id, q.paragraph_no, q.char_start, q.char_end
    FROM quotations AS q
    WHERE q.speaks_for IS NOT NULL AND q.speaks_for IS DISTINCT FROM q.speaker_id
),
own AS (
    SELECT b.actor_id, 'article' AS said_in, t.*
    FROM theme_mentions AS t
    JOIN bylines AS b USING (article_id)
    ANTI JOIN quotations AS q
        ON q.article_id = t.article_id
        AND q.paragraph_no = t.paragraph_no
        AND t.char_start < q.char_end
        AND q.char_start < t.char_end
),
stated AS (
    SELECT s.actor_id, s.said_in, t.*
    FROM said AS s
    JOIN theme_mentions AS t
        ON t.article_id = s.article_id
        AND t.paragraph_no = s.paragraph_no
        AND t.char_start < s.char_end
        AND s.char_start < t.char_end
    UNION ALL
    SELECT * FROM own
)
SELECT
    coalesce(o.name, n.name) AS actor,
    coalesce(o.kind, 'person') AS kind,
    s.theme_id,
    s.framing,
    s.said_in,
    substr(p.text, s.sentence_start + 1, s.sentence_end - s.sentence_start) AS passage,
    a.title,
    a.publisher,
    readable_date(a.published_on, a.published_precision) AS published,
    a.published_on,
    a.url,
    s.actor_id,
    s.article_id,
    s.paragraph_no,
    s.char_start,
    s.char_end
FROM stated AS s
JOIN articles AS a USING (article_id)
JOIN paragraphs AS p USING (article_id, paragraph_no)
LEFT JOIN organisations AS o ON o.organisation_id = s.actor_id
LEFT JOIN people AS n ON n.person_id = s.actor_id
WHERE a.duplicate_of IS NULL
ORDER BY actor, s.theme_id, a.published_on DESC NULLS LAST, s.article_id, s.paragraph_no;

COMMENT ON VIEW v_stance IS 'What an organisation or person says about a theme, in its own words: quoted, or in articles that it wrote or published. Never by being named nearby.';
COMMENT ON COLUMN v_stance.actor IS 'The organisation or person.';
COMMENT ON COLUMN v_stance.kind IS 'person, or the kind of the organisation.';
COMMENT ON COLUMN v_stance.theme_id IS 'The theme.';
COMMENT ON COLUMN v_stance.framing IS 'How it is put: problem, benefit, proposal or context.';
COMMENT ON COLUMN v_stance.said_in IS 'quotation, or article for the actor''s own.';
COMMENT ON COLUMN v_stance.passage IS 'The sentence that bears it out.';
COMMENT ON COLUMN v_stance.title IS 'Title of the article.';
COMMENT ON COLUMN v_stance.publisher IS 'Publisher of the article.';
COMMENT ON COLUMN v_stance.published IS 'Date of the article as exactly as it is known: 2019, 2019-03 or 2019-03-04.';
COMMENT ON COLUMN v_stance.published_on IS 'Date of the article; the first day of the year or month where no more is known.';
COMMENT ON COLUMN v_stance.url IS 'Address of the article.';
COMMENT ON COLUMN v_stance.actor_id IS 'Identifier of the actor.';
COMMENT ON COLUMN v_stance.article_id IS 'The article.';
COMMENT ON COLUMN v_stance.paragraph_no IS 'The paragraph.';
COMMENT ON COLUMN v_stance.char_start IS 'Where the evidence starts in its paragraph, from 0.';
COMMENT ON COLUMN v_stance.char_end IS 'Where it ends, exclusive.';
