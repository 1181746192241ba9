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
    CASE WHEN c.found_by <> 'listing' THEN CAST(c.published_hint AT TIME ZONE 'UTC' AS DATE) END AS fed_on
FROM pages AS p
JOIN (
    SELECT
        url,
        last(raw_hash ORDER BY fetched_at) AS raw_hash,
        last(final_url ORDER BY fetched_at) AS final_url,
        last(content_type ORDER BY fetched_at) AS content_type,
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
