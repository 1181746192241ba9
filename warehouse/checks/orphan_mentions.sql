-- The paragraph of every theme mention is there.
SELECT article_id, paragraph_no, theme_id FROM theme_mentions ANTI JOIN paragraphs USING (article_id, paragraph_no);
