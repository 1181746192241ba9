-- Addresses of an article that is loaded need no more be asked for themselves.
UPDATE candidates
SET status = 'duplicate', reason = 'another address of article ' || a.article_id, article_id = a.article_id, decided_at = $now
FROM article_addresses AS a
WHERE candidates.url = a.url
    AND candidates.status IN ('new', 'failed', 'disallowed')
    AND candidates.url IN (SELECT value FROM staged_values);
