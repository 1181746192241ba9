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
