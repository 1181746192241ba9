-- Articles whose own pages say that they come from one of these addresses.
SELECT article_id, url, syndicated_from
FROM articles
WHERE syndicated_from IN (SELECT value FROM staged_values)
ORDER BY article_id;
