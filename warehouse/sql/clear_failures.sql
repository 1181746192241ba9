DELETE FROM failures
WHERE url IN (SELECT unnest(?::VARCHAR[])) AND (?::VARCHAR IS NULL OR stage = ?)
RETURNING url;
