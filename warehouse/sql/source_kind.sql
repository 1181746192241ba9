SELECT kind, name, enabled FROM sources WHERE source_id = ?;
