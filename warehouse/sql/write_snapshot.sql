INSERT INTO snapshot (content_version, published_at, schema_version) VALUES (?, ?, ?);
