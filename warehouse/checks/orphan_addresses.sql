-- The article of every address is there.
SELECT url, article_id FROM article_addresses ANTI JOIN articles USING (article_id);
