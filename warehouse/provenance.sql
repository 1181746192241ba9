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
