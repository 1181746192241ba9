-- name: figure_evidence
-- The surface of a figure stands in its paragraph at its offsets.
SELECT f.article_id, f.figure_id, f.surface, substr(p.text, f.char_start + 1, f.char_end - f.char_start) AS text_there
FROM figures AS f
JOIN paragraphs AS p USING (article_id, paragraph_no)
WHERE f.char_start < 0 OR substr(p.text, f.char_start + 1, f.char_end - f.char_start) <> f.surface;

-- name: figure_bounds
-- The value of a figure lies within its bounds, and its period does not end before it starts.
SELECT article_id, figure_id, value_low, value, value_high, period_start, period_end
FROM figures
WHERE value_low > value_high OR value < value_low OR value > value_high OR period_start > period_end
    OR NOT isfinite(value);

-- name: change_from
-- The figure that a figure changed from is another one of the same article.
SELECT f.article_id, f.figure_id, f.change_from
FROM figures AS f
LEFT JOIN figures AS earlier ON earlier.figure_id = f.change_from AND earlier.article_id = f.article_id
WHERE f.change_from IS NOT NULL AND (earlier.figure_id IS NULL OR earlier.figure_id = f.figure_id);

-- name: orphan_figures
-- The paragraph of every figure is there.
SELECT article_id, figure_id FROM figures ANTI JOIN paragraphs USING (article_id, paragraph_no);

-- name: mention_evidence
-- The surface of a theme mention stands in its paragraph at its offsets.
SELECT m.article_id, m.paragraph_no, m.theme_id, m.surface
FROM theme_mentions AS m
JOIN paragraphs AS p USING (article_id, paragraph_no)
WHERE m.char_start < 0 OR substr(p.text, m.char_start + 1, m.char_end - m.char_start) <> m.surface;

-- name: orphan_mentions
-- The paragraph of every theme mention is there.
SELECT article_id, paragraph_no, theme_id FROM theme_mentions ANTI JOIN paragraphs USING (article_id, paragraph_no);

-- name: unknown_themes
-- The theme of every mention is in the codebook.
SELECT article_id, paragraph_no, theme_id FROM theme_mentions ANTI JOIN themes USING (theme_id);

-- name: said_evidence
-- The surface of every name, quotation and citation stands in its paragraph at its offsets.
SELECT e.what, e.article_id, e.paragraph_no, e.surface
FROM (
    SELECT 'name' AS what, article_id, paragraph_no, char_start, char_end, surface FROM actor_mentions
    UNION ALL
    SELECT 'quotation', article_id, paragraph_no, char_start, char_end, surface FROM quotations
    UNION ALL
    SELECT 'citation', article_id, paragraph_no, char_start, char_end, surface FROM citations
) AS e
LEFT JOIN paragraphs AS p USING (article_id, paragraph_no)
WHERE p.text IS NULL OR e.char_start < 0 OR substr(p.text, e.char_start + 1, e.char_end - e.char_start) <> e.surface;

-- name: orphan_actors
-- Every actor that a row names is there as an organisation or a person.
SELECT e.what, e.article_id, e.actor_id
FROM (
    SELECT 'name' AS what, article_id, actor_id FROM actor_mentions
    UNION ALL
    SELECT 'role', article_id, role_of FROM actor_mentions
    UNION ALL
    SELECT 'byline', article_id, actor_id FROM bylines
    UNION ALL
    SELECT 'speaker', article_id, speaker_id FROM quotations
    UNION ALL
    SELECT 'speaks for', article_id, speaks_for FROM quotations
    UNION ALL
    SELECT 'citation', article_id, cited_id FROM citations
    UNION ALL
    SELECT 'attribution', article_id, actor_id FROM figures
    UNION ALL
    SELECT 'successor', NULL, became FROM organisations
) AS e
WHERE e.actor_id IS NOT NULL
    AND e.actor_id NOT IN (SELECT organisation_id FROM organisations)
    AND e.actor_id NOT IN (SELECT person_id FROM people);

-- name: orphan_bylines
-- The article of every byline is there.
SELECT article_id, actor_id FROM bylines ANTI JOIN articles USING (article_id);

-- name: citation_figures
-- The figures that a citation supports are there.
SELECT c.article_id, c.citation_id, c.figure_id
FROM (SELECT article_id, citation_id, unnest(figure_ids) AS figure_id FROM citations) AS c
ANTI JOIN figures AS f USING (figure_id);
