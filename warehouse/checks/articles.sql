-- name: unique_keys
-- No row is there twice under one key.
SELECT 'articles' AS table_name, article_id AS key, article_id FROM articles GROUP BY article_id HAVING count(*) > 1
UNION ALL
SELECT 'article_addresses', url, any_value(article_id) FROM article_addresses GROUP BY url HAVING count(*) > 1
UNION ALL
SELECT 'article_versions', concat_ws(' ', article_id, version), article_id
FROM article_versions GROUP BY article_id, version HAVING count(*) > 1
UNION ALL
SELECT 'article_signatures', article_id, article_id FROM article_signatures GROUP BY article_id HAVING count(*) > 1
UNION ALL
SELECT 'paragraphs', concat_ws(' ', article_id, paragraph_no), article_id
FROM paragraphs GROUP BY article_id, paragraph_no HAVING count(*) > 1
UNION ALL
SELECT 'figures', figure_id, any_value(article_id) FROM figures GROUP BY figure_id HAVING count(*) > 1
UNION ALL
SELECT 'theme_mentions', concat_ws(' ', article_id, paragraph_no, theme_id), article_id
FROM theme_mentions GROUP BY article_id, paragraph_no, theme_id HAVING count(*) > 1
UNION ALL
SELECT 'organisations', organisation_id, NULL FROM organisations GROUP BY organisation_id HAVING count(*) > 1
UNION ALL
SELECT 'people', person_id, NULL FROM people GROUP BY person_id HAVING count(*) > 1
UNION ALL
SELECT 'actor_mentions', concat_ws(' ', article_id, paragraph_no, char_start), article_id
FROM actor_mentions GROUP BY article_id, paragraph_no, char_start HAVING count(*) > 1
UNION ALL
SELECT 'bylines', concat_ws(' ', article_id, actor_id, part), article_id
FROM bylines GROUP BY article_id, actor_id, part HAVING count(*) > 1
UNION ALL
SELECT 'quotations', quotation_id, any_value(article_id) FROM quotations GROUP BY quotation_id HAVING count(*) > 1
UNION ALL
SELECT 'citations', citation_id, any_value(article_id) FROM citations GROUP BY citation_id HAVING count(*) > 1
UNION ALL
SELECT 'candidates', url, NULL FROM candidates GROUP BY url HAVING count(*) > 1
UNION ALL
SELECT 'pages', url, NULL FROM pages GROUP BY url HAVING count(*) > 1
UNION ALL
SELECT 'readings', url, NULL FROM readings GROUP BY url HAVING count(*) > 1
UNION ALL
SELECT 'fetches', fetch_id, NULL FROM fetches GROUP BY fetch_id HAVING count(*) > 1
UNION ALL
SELECT 'version_changes', concat_ws(' ', article_id, version, change_no), article_id
FROM version_changes GROUP BY article_id, version, change_no HAVING count(*) > 1
UNION ALL
SELECT 'sources', source_id, NULL FROM sources GROUP BY source_id HAVING count(*) > 1
UNION ALL
SELECT 'themes', theme_id, NULL FROM themes GROUP BY theme_id HAVING count(*) > 1
UNION ALL
SELECT 'endpoints', concat_ws(' ', source_id, url), NULL FROM endpoints GROUP BY source_id, url HAVING count(*) > 1
UNION ALL
SELECT 'robots', origin, NULL FROM robots GROUP BY origin HAVING count(*) > 1
UNION ALL
SELECT 'runs', run_id, NULL FROM runs GROUP BY run_id HAVING count(*) > 1
UNION ALL
SELECT 'failures', concat_ws(' ', url, stage), NULL FROM failures GROUP BY url, stage HAVING count(*) > 1
UNION ALL
SELECT 'backfills', source_id, NULL FROM backfills GROUP BY source_id HAVING count(*) > 1
UNION ALL
SELECT 'archive_pages', concat_ws(' ', source_id, url), NULL
FROM archive_pages GROUP BY source_id, url HAVING count(*) > 1;

-- name: main_address
-- Every article has its url, and no other, as its main address.
SELECT a.article_id, a.url
FROM articles AS a
LEFT JOIN article_addresses AS d ON d.article_id = a.article_id AND d.kind = 'main'
GROUP BY a.article_id, a.url
HAVING count(d.url) <> 1 OR any_value(d.url) <> a.url;

-- name: current_version
-- The current version of an article is its latest one, with the same content.
SELECT a.article_id, a.version, max(v.version) AS latest
FROM articles AS a
LEFT JOIN article_versions AS v USING (article_id)
GROUP BY ALL
HAVING coalesce(max(v.version), 0) <> a.version
    OR count(*) FILTER (v.version = a.version AND v.content_hash = a.content_hash) <> 1;

-- name: version_numbers
-- The versions of an article count from 1 without gaps.
SELECT article_id, version
FROM (
    SELECT article_id, version, row_number() OVER (PARTITION BY article_id ORDER BY version) AS expected
    FROM article_versions
)
WHERE version <> expected;

-- name: duplicates
-- A near-duplicate points to another article that is there, and following the pointers ends at an original.
WITH RECURSIVE walk AS (
    SELECT article_id, duplicate_of, 1 AS steps FROM articles WHERE duplicate_of IS NOT NULL
    UNION ALL
    SELECT walk.article_id, a.duplicate_of, walk.steps + 1
    FROM walk
    JOIN articles AS a ON a.article_id = walk.duplicate_of
    WHERE a.duplicate_of IS NOT NULL AND walk.steps < 50
)
SELECT article_id, duplicate_of
FROM walk
WHERE steps >= 50 OR duplicate_of NOT IN (SELECT article_id FROM articles);

-- name: relevance_range
-- Relevance and word counts are within their ranges.
SELECT article_id, relevance, word_count FROM articles
WHERE NOT relevance BETWEEN 0 AND 1 OR word_count < 0;

-- name: known_words
-- Columns with a fixed vocabulary hold only words of it.
SELECT 'paragraphs.kind' AS place, kind AS word, article_id FROM paragraphs
WHERE kind NOT IN ('heading', 'prose', 'list_item', 'quote', 'caption', 'table_row')
UNION ALL
SELECT 'figures.kind', kind, article_id FROM figures
WHERE kind NOT IN ('money', 'percent', 'count', 'fraction', 'duration', 'rate', 'multiple')
UNION ALL
SELECT 'figures.qualifier', qualifier, article_id FROM figures WHERE qualifier NOT IN ('exact', 'about', 'at_least', 'at_most')
UNION ALL
SELECT 'figures.change', change, article_id FROM figures WHERE change NOT IN ('increase', 'decrease')
UNION ALL
SELECT 'theme_mentions.framing', framing, article_id FROM theme_mentions
WHERE framing NOT IN ('problem', 'benefit', 'proposal', 'context')
UNION ALL
SELECT 'articles.published_precision', published_precision, article_id FROM articles
WHERE published_precision NOT IN ('day', 'month', 'year')
    OR (published_precision IS NULL) <> (published_on IS NULL)
UNION ALL
SELECT 'candidates.status', status, NULL FROM candidates
WHERE status NOT IN ('new', 'ingested', 'not_similar', 'duplicate', 'disallowed', 'failed', 'gone');

-- name: orphan_addresses
-- The article of every address is there.
SELECT url, article_id FROM article_addresses ANTI JOIN articles USING (article_id);

-- name: orphan_versions
-- The article of every version is there.
SELECT article_id, version FROM article_versions ANTI JOIN articles USING (article_id);

-- name: orphan_paragraphs
-- The article of every paragraph is there.
SELECT article_id, paragraph_no FROM paragraphs ANTI JOIN articles USING (article_id);

-- name: orphan_signatures
-- The article of every signature is there.
SELECT article_id FROM article_signatures ANTI JOIN articles USING (article_id);

-- name: orphan_version_changes
-- The version of every recorded change is there.
SELECT article_id, version, change_no FROM version_changes ANTI JOIN article_versions USING (article_id, version);
