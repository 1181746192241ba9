-- The paragraph of every figure is there.
SELECT figure_id FROM figures ANTI JOIN paragraphs USING (article_id, paragraph_no);
