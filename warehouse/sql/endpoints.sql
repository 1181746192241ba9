SELECT * FROM endpoints ORDER BY source_id, url;
