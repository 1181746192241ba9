-- name: themes
SELECT * FROM themes;


-- name: passages_of_period
-- Paragraphs of the latest originals of a period, for what is new in its language.
WITH chosen AS (
    SELECT article_id
    FROM articles
    WHERE duplicate_of IS NULL AND published_on >= $from_day AND published_on < $before_day
    ORDER BY published_on DESC, article_id
    LIMIT $most
)
SELECT p.article_id, p.paragraph_no, p.text
FROM paragraphs AS p
JOIN chosen USING (article_id)
ORDER BY p.article_id, p.paragraph_no;


-- name: emerging_terms
SELECT * FROM emerging_terms ORDER BY term COLLATE "binary";


-- name: terms_made
SELECT * FROM emerging_terms_made;


-- name: count_terms
SELECT count(*) FROM emerging_terms;
