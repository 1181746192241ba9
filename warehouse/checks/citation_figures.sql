-- The figures that a citation supports are there.
SELECT c.article_id, c.citation_id, c.figure_id
FROM (SELECT article_id, citation_id, unnest(figure_ids) AS figure_id FROM citations) AS c
ANTI JOIN figures AS f USING (figure_id);
