UPDATE sources
SET enabled = false
WHERE kind <> 'seeds' AND enabled AND source_id NOT IN (SELECT value FROM staged_values);
