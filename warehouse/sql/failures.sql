SELECT * FROM failures ORDER BY last_at DESC, url, stage;
