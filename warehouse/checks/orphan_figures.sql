-- The paragraph of every figure is there.
SELECT article_id, figure_id FROM figures ANTI JOIN paragraphs USING (article_id, paragraph_no);
