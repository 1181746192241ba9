UPDATE candidates
SET overruled = 'reject', status = 'not_similar', reason = 'rejected by the operator', article_id = NULL, decided_at = $now
WHERE url = $url
RETURNING url;
