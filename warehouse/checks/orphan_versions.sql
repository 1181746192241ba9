-- The article of every version is there.
SELECT article_id, version FROM article_versions ANTI JOIN articles USING (article_id);
