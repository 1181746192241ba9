-- When the versions about to be written were first seen, where they are there already.
SELECT known.article_id, known.version, known.seen_at
FROM article_versions AS known
JOIN staged_article_versions AS staged USING (article_id, version);
