-- name: forget_unnamed_actors
-- Actors that no article names any more; successors of those that are named stay.
DELETE FROM organisations
WHERE organisation_id NOT IN (SELECT actor_id FROM actor_mentions)
    AND organisation_id NOT IN (SELECT actor_id FROM bylines)
    AND organisation_id NOT IN (SELECT became FROM organisations WHERE became IS NOT NULL);
DELETE FROM people
WHERE person_id NOT IN (SELECT actor_id FROM actor_mentions)
    AND person_id NOT IN (SELECT actor_id FROM bylines);


-- name: stored_kinds
-- What is stored of the organisations staged: whether the lexicon has each, and its kind.
SELECT organisation_id, known, kind
FROM organisations
WHERE organisation_id IN (SELECT value FROM staged_values)
