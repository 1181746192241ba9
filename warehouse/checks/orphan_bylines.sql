-- The article of every byline is there.
SELECT article_id, actor_id FROM bylines ANTI JOIN articles USING (article_id);
