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
FROM version_changes GROUP BY article_id, version, change_no HAVING count(*) > 1;
