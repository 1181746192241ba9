-- name: needed_hashes
-- Bytes that something still is, or may be, read from.
SELECT raw_hash FROM articles
UNION
SELECT f.raw_hash
FROM (
    SELECT url, last(raw_hash ORDER BY fetched_at) AS raw_hash
    FROM fetches
    WHERE purpose = 'article' AND raw_hash IS NOT NULL
    GROUP BY url
) AS f
LEFT JOIN candidates AS c USING (url)
LEFT JOIN readings AS r USING (url)
WHERE c.status IN ('new', 'failed', 'ingested')
    OR c.overruled IS NOT DISTINCT FROM 'accept'
    OR r.raw_hash IS DISTINCT FROM f.raw_hash;


-- name: version_hashes
SELECT raw_hash FROM article_versions;


-- name: note_pruned
INSERT INTO pruned
SELECT value, $now FROM staged_values WHERE value NOT IN (SELECT raw_hash FROM pruned);


-- name: forget_pages
-- A page whose latest bytes go was left out: it is as if it had never been fetched, but for what was decided of it. $table is
-- pages or readings.
DELETE FROM $table
WHERE url IN (
    SELECT url
    FROM fetches
    WHERE purpose = 'article' AND raw_hash IN (SELECT value FROM staged_values)
)
AND url IN (SELECT url FROM candidates WHERE status NOT IN ('new', 'failed', 'ingested'));
