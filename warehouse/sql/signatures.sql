SELECT s.article_id, s.signature
FROM article_signatures AS s
JOIN articles AS a USING (article_id)
WHERE NOT ?::BOOLEAN OR a.duplicate_of IS NULL
ORDER BY a.first_seen_at, a.article_id;
