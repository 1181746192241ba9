-- The $terms terms that rise most in recent articles and belong to no theme yet.
SELECT
    term,
    recent_count,  -- recent articles that use it
    earlier_count  -- earlier articles that use it
FROM v_emerging_terms
ORDER BY score DESC, term
LIMIT $terms
