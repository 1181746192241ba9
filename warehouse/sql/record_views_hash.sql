INSERT INTO schema_views (hash) VALUES (?);
