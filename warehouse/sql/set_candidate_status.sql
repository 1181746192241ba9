UPDATE candidates
SET status = $status, reason = $reason, decided_at = $decided_at
WHERE url = $url AND (status <> $status OR reason IS DISTINCT FROM $reason);
