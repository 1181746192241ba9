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
