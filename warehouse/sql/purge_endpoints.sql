DELETE FROM endpoints WHERE source_id = ? RETURNING url;
