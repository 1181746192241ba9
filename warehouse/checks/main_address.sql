-- Every article has its url, and no other, as its main address.
SELECT a.article_id, a.url
FROM articles AS a
LEFT JOIN article_addresses AS d ON d.article_id = a.article_id AND d.kind = 'main'
GROUP BY a.article_id, a.url
HAVING count(d.url) <> 1 OR any_value(d.url) <> a.url;
