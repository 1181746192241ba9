-- name: pruned_hashes
SELECT raw_hash FROM pruned;


-- name: kept_bodies
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


-- name: export_csv
COPY (SELECT $columns FROM $table) TO $target (FORMAT csv, HEADER);


-- name: inert_text
-- What others wrote is no formula of ours, whatever it begins with; a number with a sign is none.
CASE
    WHEN regexp_matches($name, '^[=+\-@\t\r]') AND NOT regexp_full_match($name, '[+-][\d.,]+%?') THEN '''' || $name
    ELSE $name
END AS $name


-- name: export_json
COPY (SELECT $columns FROM $table) TO $target (FORMAT json, ARRAY true);


-- name: rows
SELECT * FROM $table;


-- name: export_parquet
COPY (SELECT $columns FROM $table) TO $target (
    FORMAT parquet, COMPRESSION zstd, KV_METADATA { $made_of }
);

-- name: provenance
-- Which state of the warehouse this is, and by which extractors and codebooks its articles were coded.
SELECT
    (SELECT max(content_version) FROM snapshot) AS snapshot,
    (SELECT max(published_at) FROM snapshot) AS published_at,
    count(*) AS articles,
    count(DISTINCT publisher) AS publishers,
    min(published_on) AS first_published_on,
    max(published_on) AS last_published_on,
    coalesce(list(DISTINCT extractor_version ORDER BY extractor_version), []) AS extractors,
    coalesce(list(DISTINCT codebook_version ORDER BY codebook_version), []) AS codebooks
FROM articles;
