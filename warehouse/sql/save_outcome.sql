UPDATE candidates
SET
    status = $status,
    reason = $reason,
    relevance = coalesce($relevance, relevance),
    article_id = coalesce($article_id, article_id),
    decided_at = $decided_at
WHERE url = $url
    AND (
        status <> $status
        OR reason IS DISTINCT FROM $reason
        OR relevance IS DISTINCT FROM coalesce($relevance, relevance)
        OR article_id IS DISTINCT FROM coalesce($article_id, article_id)
    );
