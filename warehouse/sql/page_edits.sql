-- The $edits latest edits of articles, each with up to five things that it changed in figures and themes.
SELECT
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
