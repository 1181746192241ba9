SELECT *
FROM candidates
WHERE (?::VARCHAR IS NULL OR status = ?) AND fetch_url IS NOT NULL
ORDER BY priority DESC, found_at, url;
