-- Every address that may still be asked for.
SELECT url FROM endpoints
UNION
SELECT fetch_url FROM candidates WHERE fetch_url IS NOT NULL AND status IN ('new', 'failed', 'disallowed')
UNION
SELECT fetch_url FROM pages WHERE next_read_at IS NOT NULL;
