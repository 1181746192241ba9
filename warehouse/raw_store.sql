-- name: object
SELECT content FROM read_blob(?);


-- name: object_size
SELECT size FROM read_blob(?);


-- name: objects
SELECT file FROM glob(?);


-- name: write_object
-- Without a compression that DuckDB would choose by the ending of the name.
COPY (SELECT ?::BLOB) TO $place (FORMAT blob, COMPRESSION none);


-- name: out_of_date
-- Articles that other extractors or another codebook coded, with what is needed to read their bytes again; and those of a
-- watched source that have not its name as their publisher, whether it was lost or the source was renamed.
SELECT
    a.article_id,
    a.url,
    a.url AS open_url,
    coalesce(b.addresses, []) AS addresses,
    a.source_id,
    a.raw_hash,
    a.url AS name,
    a.content_type,
    a.fetched_at,
    true AS trusted,
    true AS recoded,
    CASE WHEN a.title_method = $stated THEN a.title END AS title,
    CASE WHEN a.publisher_method = $stated THEN a.publisher END AS publisher,
    CASE WHEN a.authors_method = $stated THEN a.authors ELSE [] END AS authors,
    CASE WHEN a.published_method = $stated THEN a.published_on END AS published_on,
    CASE WHEN a.published_method = $stated THEN a.published_precision END AS published_precision,
    CASE WHEN a.title_method = 'feed' THEN a.title END AS fed_title,
    CASE WHEN a.authors_method = 'feed' THEN a.authors ELSE [] END AS fed_authors,
    CASE WHEN a.published_method = 'feed' THEN a.published_on END AS fed_on
FROM articles AS a
LEFT JOIN sources AS s ON s.source_id = a.source_id AND s.kind <> 'seeds' AND s.address IS NOT NULL
LEFT JOIN (
    SELECT article_id, list(url ORDER BY url) AS addresses
    FROM article_addresses
    GROUP BY article_id
) AS b USING (article_id)
WHERE (
        a.extractor_version <> $extractor_version
        OR a.codebook_version <> $codebook_version
        OR (
            coalesce(a.publisher_method, '') NOT IN ($stated, 'host')
            AND a.publisher IS DISTINCT FROM coalesce(s.name, a.publisher)
        )
    )
    AND ($since IS NULL OR a.fetched_at >= $since)
ORDER BY a.article_id;


-- name: unread_pages
-- Pages whose latest bytes have not been read: fetched in this run, or before one that was killed.
SELECT
    p.url,
    coalesce(f.final_url, p.fetch_url) AS open_url,
    [p.fetch_url] AS addresses,
    p.source_id,
    f.raw_hash,
    coalesce(f.final_url, p.fetch_url) AS name,
    coalesce(f.content_type, '') AS content_type,
    f.fetched_at,
    c.overruled IS NOT DISTINCT FROM 'accept' AS trusted,
    CASE WHEN c.found_by <> 'listing' THEN c.title END AS fed_title,
    coalesce(c.authors, []) AS fed_authors,
    CASE WHEN c.found_by <> 'listing' THEN CAST(c.published_hint AT TIME ZONE 'Europe/London' AS DATE) END AS fed_on,
    list_filter(f.headers, lambda header: starts_with(header, 'x-robots-tag: '))[1][15:] AS robots_tag
FROM pages AS p
JOIN (
    SELECT
        url,
        last(raw_hash ORDER BY fetched_at) AS raw_hash,
        last(final_url ORDER BY fetched_at) AS final_url,
        last(content_type ORDER BY fetched_at) AS content_type,
        last(headers ORDER BY fetched_at) AS headers,
        max(fetched_at) AS fetched_at
    FROM fetches
    WHERE purpose = 'article' AND raw_hash IS NOT NULL
    GROUP BY url
) AS f USING (url)
LEFT JOIN readings AS r USING (url)
LEFT JOIN candidates AS c USING (url)
WHERE r.raw_hash IS DISTINCT FROM f.raw_hash
    AND c.overruled IS DISTINCT FROM 'reject'
ORDER BY f.fetched_at, p.url;

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

-- name: known_raw_hashes
SELECT raw_hash FROM article_versions;
