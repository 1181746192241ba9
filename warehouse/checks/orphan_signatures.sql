-- The article of every signature is there.
SELECT article_id FROM article_signatures ANTI JOIN articles USING (article_id);
