-- The article of every paragraph is there.
SELECT article_id, paragraph_no FROM paragraphs ANTI JOIN articles USING (article_id);
