DELETE FROM $table WHERE url IN (SELECT value FROM staged_values) RETURNING url;
