-- The theme of every mention is in the codebook.
SELECT article_id, paragraph_no, theme_id FROM theme_mentions ANTI JOIN themes USING (theme_id);
