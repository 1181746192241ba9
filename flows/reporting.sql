-- name: years
SELECT coalesce(year(published_on)::VARCHAR, 'not dated') AS year, count(*) AS articles
FROM articles
WHERE duplicate_of IS NULL
GROUP BY year
ORDER BY year DESC
LIMIT 15;


-- name: themes
SELECT t.label, count(DISTINCT m.article_id) AS articles
FROM theme_mentions AS m
JOIN themes AS t USING (theme_id)
JOIN articles AS a ON a.article_id = m.article_id AND a.duplicate_of IS NULL
GROUP BY t.label
ORDER BY articles DESC, t.label
LIMIT 15;


-- name: publishers
SELECT coalesce(publisher, 'not known') AS publisher, count(*) AS articles
FROM articles
WHERE duplicate_of IS NULL
GROUP BY publisher
ORDER BY articles DESC, publisher
LIMIT 10;
