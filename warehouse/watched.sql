-- name: failures
SELECT * FROM failures ORDER BY last_at DESC, url, stage;


-- name: failures_told
-- What failed, with when it is tried next: a page that was received is read again when its re-reading brings other bytes,
-- files and the sources' file with every run; what belongs to a source that is switched off rests.
SELECT
    f.url,
    f.stage,
    f.error_type,
    f.message,
    f.attempts,
    f.first_at,
    f.last_at,
    CASE
        WHEN coalesce(s.enabled, true) = false AND f.stage IN ('fetch', 'read', 'load') THEN NULL
        WHEN f.stage = 'fetch' AND p.url IS NOT NULL
            THEN CASE WHEN f.next_try_at IS NULL THEN NULL ELSE greatest(f.next_try_at, p.next_read_at) END
        WHEN f.stage IN ('read', 'load') AND p.url IS NOT NULL THEN p.next_read_at
        ELSE f.next_try_at
    END AS next_try_at,
    coalesce(s.enabled, true) = false AND f.stage IN ('fetch', 'read', 'load') AS resting
FROM failures AS f
LEFT JOIN pages AS p USING (url)
LEFT JOIN candidates AS c USING (url)
LEFT JOIN sources AS s ON s.source_id = coalesce(p.source_id, c.source_id)
ORDER BY f.last_at DESC, f.url, f.stage;


-- name: fetch_ids
SELECT fetch_id FROM fetches;


-- name: stored_pages
SELECT url FROM pages WHERE url IN (SELECT value FROM staged_values);


-- name: linking_pages
SELECT article_id, url, publisher, raw_hash, content_type
FROM articles
WHERE duplicate_of IS NULL AND (content_type ILIKE 'text/html%' OR content_type ILIKE 'application/xhtml%')
ORDER BY published_on DESC NULLS LAST, article_id
LIMIT ?;


-- name: article_urls
SELECT url FROM articles;


-- name: clear_failures
DELETE FROM failures
WHERE url IN (SELECT value FROM staged_values) AND (?::VARCHAR IS NULL OR stage = ?);


-- name: candidate_urls
SELECT url FROM candidates;


-- name: store_outcomes
UPDATE candidates AS c
SET
    status = new.status,
    reason = new.reason,
    relevance = coalesce(new.relevance, c.relevance),
    article_id = coalesce(new.article_id, c.article_id),
    decided_at = new.decided_at
FROM $staged AS new
WHERE c.url = new.url
    AND (
        c.status <> new.status
        OR c.reason IS DISTINCT FROM new.reason
        OR c.relevance IS DISTINCT FROM coalesce(new.relevance, c.relevance)
        OR c.article_id IS DISTINCT FROM coalesce(new.article_id, c.article_id)
    );


-- name: settle_candidates
-- Addresses of an article that is loaded need no more be asked for themselves.
UPDATE candidates
SET status = 'duplicate', reason = 'another address of article ' || a.article_id, article_id = a.article_id, decided_at = $now
FROM article_addresses AS a
WHERE candidates.url = a.url
    AND candidates.status IN ('new', 'failed', 'disallowed')
    AND candidates.url IN (SELECT value FROM staged_values);


-- name: overrule_candidate
UPDATE candidates
SET overruled = ?, status = 'new', reason = 'overruled by an operator'
WHERE url = ?;


-- name: candidate
SELECT * FROM candidates WHERE url = ?;


-- name: set_candidate_status
UPDATE candidates
SET status = $status, reason = $reason, decided_at = $decided_at
WHERE url = $url AND (status <> $status OR reason IS DISTINCT FROM $reason);


-- name: store_source_state
UPDATE sources
SET
    status = $status,
    detail = $detail,
    probed_at = $probed_at,
    next_probe_at = $next_probe_at,
    last_ok_at = $last_ok_at,
    failures = $failures
WHERE source_id = $source_id;


-- name: forget_reading
DELETE FROM readings WHERE url = ?;


-- name: open_candidates
-- Candidates that are still to be fetched: those whose bytes were never received. Those of sources that are switched off,
-- or left the file, rest.
SELECT * REPLACE (coalesce(authors, []) AS authors)
FROM candidates
WHERE status IN ('new', 'failed', 'disallowed')
    AND fetch_url IS NOT NULL
    AND overruled IS DISTINCT FROM 'reject'
    AND url NOT IN (SELECT url FROM pages)
    AND (overruled IS NOT DISTINCT FROM 'accept' OR source_id NOT IN (SELECT source_id FROM sources WHERE NOT enabled))
ORDER BY priority DESC, found_at, url;


-- name: pages_worth_rereading
-- Pages that are read again for edits: those of articles, and those that could not be read (a wall may have gone). Those of
-- sources that are switched off, or left the file, rest.
SELECT p.*
FROM pages AS p
JOIN candidates AS c USING (url)
WHERE c.status IN ('ingested', 'failed')
    AND p.next_read_at IS NOT NULL
    AND p.source_id NOT IN (SELECT source_id FROM sources WHERE NOT enabled)
ORDER BY p.url;


-- name: candidates_of_article
SELECT url
FROM candidates
WHERE article_id = ?
ORDER BY url;


-- name: withdraw_article
DELETE FROM $table WHERE article_id = ?;


-- name: release_duplicates
-- What nearly repeated a withdrawn article stands for itself now.
UPDATE articles SET duplicate_of = NULL WHERE duplicate_of = ?;


-- name: reject_candidate
UPDATE candidates
SET overruled = 'reject', status = 'not_similar', reason = 'rejected by the operator', article_id = NULL, decided_at = $now
WHERE url = $url;


-- name: syndicated_copies
-- Articles whose own pages say that they come from one of these addresses.
SELECT article_id, url, syndicated_from
FROM articles
WHERE syndicated_from IN (SELECT value FROM staged_values)
ORDER BY article_id;


-- name: name_original
-- Copies that came in before the article that they were copied from, and what was taken for copies of these.
UPDATE articles
SET duplicate_of = $original
WHERE article_id <> $original
    AND duplicate_of IS DISTINCT FROM $original
    AND (article_id IN (SELECT value FROM staged_values) OR duplicate_of IN (SELECT value FROM staged_values));

-- name: backfill
SELECT * FROM backfills WHERE source_id = ?;


-- name: forget_pages
DELETE FROM archive_pages WHERE source_id = ?;


-- name: end_backfill
UPDATE backfills SET read_at = ? WHERE source_id = ?;


-- name: archive_pages
SELECT * FROM archive_pages WHERE source_id = ? ORDER BY turn, rowid;
