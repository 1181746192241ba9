SELECT * FROM sources WHERE kind <> 'seeds' AND address IS NOT NULL ORDER BY source_id;
