DELETE FROM failures
WHERE url IN (SELECT value FROM staged_values) AND (?::VARCHAR IS NULL OR stage = ?)
RETURNING url;
