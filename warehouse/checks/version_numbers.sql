-- The versions of an article count from 1 without gaps.
SELECT article_id, version
FROM (
    SELECT article_id, version, row_number() OVER (PARTITION BY article_id ORDER BY version) AS expected
    FROM article_versions
)
WHERE version <> expected;
