-- Answers with a body, and the bytes of articles that no request brought: files.
SELECT
    raw_hash,
    coalesce(final_url, url) AS url,
    fetched_at,
    status,
    reason_phrase,
    coalesce(headers, []) AS headers,
    content_type
FROM fetches
WHERE raw_hash IS NOT NULL AND status IS NOT NULL
UNION ALL
SELECT v.raw_hash, a.url, v.seen_at, NULL, NULL, [], a.content_type
FROM article_versions AS v
JOIN articles AS a USING (article_id)
WHERE v.raw_hash NOT IN (SELECT raw_hash FROM fetches WHERE raw_hash IS NOT NULL)
ORDER BY fetched_at, url;
