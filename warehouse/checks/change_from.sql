-- The figure that a figure changed from is another one of the same article.
SELECT f.article_id, f.figure_id, f.change_from
FROM figures AS f
LEFT JOIN figures AS earlier ON earlier.figure_id = f.change_from AND earlier.article_id = f.article_id
WHERE f.change_from IS NOT NULL AND (earlier.figure_id IS NULL OR earlier.figure_id = f.figure_id);
