UPDATE pages SET next_read_at = NULL WHERE source_id = ? AND next_read_at IS NOT NULL RETURNING url;
