-- A near-duplicate points to another article that is there, and following the pointers ends at an original.
WITH RECURSIVE walk AS (
    SELECT article_id, duplicate_of, 1 AS steps FROM articles WHERE duplicate_of IS NOT NULL
    UNION ALL
    SELECT walk.article_id, a.duplicate_of, walk.steps + 1
    FROM walk
    JOIN articles AS a ON a.article_id = walk.duplicate_of
    WHERE a.duplicate_of IS NOT NULL AND walk.steps < 50
)
SELECT article_id, duplicate_of
FROM walk
WHERE steps >= 50 OR duplicate_of NOT IN (SELECT article_id FROM articles);
