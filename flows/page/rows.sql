-- name: totals
-- How much the snapshot holds, in one row; near-duplicate articles are counted apart.
WITH originals AS (
    SELECT article_id, publisher, published_on, first_seen_at FROM articles WHERE duplicate_of IS NULL
)
SELECT
    (SELECT count(*) FROM originals) AS articles,
    (SELECT count(*) FROM articles WHERE duplicate_of IS NOT NULL) AS near_duplicates,  -- articles left out everywhere
    (SELECT count(DISTINCT publisher) FROM originals) AS publishers,
    (SELECT min(published_on) FROM originals) AS first_published_on,  -- null where no article has a date
    (SELECT max(published_on) FROM originals) AS last_published_on,
    (SELECT count(*) FROM originals WHERE first_seen_at >= $week_ago) AS new_articles,  -- came in since then
    (SELECT count(*) FROM theme_mentions SEMI JOIN originals USING (article_id)) AS mentions,
    (SELECT count(*) FROM figures SEMI JOIN originals USING (article_id)) AS figures,
    (SELECT count(*) FROM failures) AS failures,  -- items that failed and have not succeeded since
    (SELECT max(content_version) FROM snapshot) AS content_version,  -- null in a file that was never published
    (SELECT max(published_at) FROM snapshot) AS published_at


-- name: edits
-- The $edits latest edits of articles, each with up to five things that it changed in figures and themes.
SELECT
    article_id,
    seen_at,  -- when the edit was noticed
    title,
    publisher,
    version,
    url,
    count(change) AS changes,  -- 0 where neither figures nor themes changed
    list({'kind': kind, 'change': change, 'subject': subject, 'before': before, 'after': after}
         ORDER BY kind, change, subject) FILTER (change IS NOT NULL)[:5] AS changed
FROM v_version_changes
GROUP BY seen_at, title, publisher, version, url, article_id
ORDER BY seen_at DESC, article_id, version DESC
LIMIT $edits


-- name: terms
-- The $terms terms that rise most in recent articles and belong to no theme yet.
SELECT
    term,
    recent_count,  -- recent articles that use it
    earlier_count  -- earlier articles that use it
FROM v_emerging_terms
ORDER BY score DESC, term
LIMIT $terms


-- name: sources
-- How the sources fare, those that need a look first, $sources at most.
SELECT
    name,
    sector,
    enabled,
    status,  -- new, ok, unreachable, forbidden or nothing_found
    detail,  -- what was found or what failed
    last_ok_at,
    last_checked_at,
    failing_endpoints,
    endpoints,
    articles,
    waiting,  -- addresses found and not yet fetched
    last_article_at
FROM v_sources_health
ORDER BY enabled DESC, status IN ('ok', 'new'), failing_endpoints DESC, articles DESC, name, source_id
LIMIT $sources


-- name: source_states
-- How many watched sources are in which state; the folder of seeds and sets added by hand are not watched.
SELECT
    status,  -- new, ok, unreachable, forbidden or nothing_found
    count(*) AS sources
FROM v_sources_health
SEMI JOIN (SELECT source_id FROM sources WHERE kind NOT IN ('seeds', 'set')) USING (source_id)
WHERE enabled
GROUP BY status
ORDER BY sources DESC, status
