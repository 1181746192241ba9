CREATE VIEW v_version_changes AS
SELECT
    v.seen_at,
    a.publisher,
    coalesce(a.title, v.title) AS title,
    v.version,
    c.kind,
    c.change,
    c.subject,
    c.before,
    c.after,
    a.url,
    a.duplicate_of IS NOT NULL AS is_copy,
    v.article_id
FROM article_versions AS v
JOIN articles AS a USING (article_id)
LEFT JOIN version_changes AS c ON c.article_id = v.article_id AND c.version = v.version
WHERE v.version > 1
ORDER BY v.seen_at DESC, v.article_id, v.version, c.change_no;

COMMENT ON VIEW v_version_changes IS 'What each edit of an article changed in its figures and themes; one row with nulls where it changed neither.';
COMMENT ON COLUMN v_version_changes.seen_at IS 'When the edit was noticed.';
COMMENT ON COLUMN v_version_changes.publisher IS 'Publisher of the article.';
COMMENT ON COLUMN v_version_changes.title IS 'Title of the article.';
COMMENT ON COLUMN v_version_changes.version IS 'The version that the edit made.';
COMMENT ON COLUMN v_version_changes.kind IS 'figure or theme.';
COMMENT ON COLUMN v_version_changes.change IS 'added, removed or changed.';
COMMENT ON COLUMN v_version_changes.subject IS 'What changed: the measure or words of a figure, or the theme.';
COMMENT ON COLUMN v_version_changes.before IS 'How it was.';
COMMENT ON COLUMN v_version_changes.after IS 'How it is.';
COMMENT ON COLUMN v_version_changes.url IS 'Address of the article.';
COMMENT ON COLUMN v_version_changes.is_copy IS 'Whether the article nearly repeats an earlier one; counts leave such articles out.';
COMMENT ON COLUMN v_version_changes.article_id IS 'The article.';
