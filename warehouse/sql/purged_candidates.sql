-- Addresses of a source that became no article, with where they are asked for; its endpoints too.
SELECT url, fetch_url, true AS forgotten FROM candidates WHERE source_id = $source_id AND article_id IS NULL
UNION ALL
SELECT url, fetch_url, false FROM candidates WHERE source_id = $source_id AND article_id IS NOT NULL
UNION ALL
SELECT url, url, false FROM endpoints WHERE source_id = $source_id
ORDER BY url;
