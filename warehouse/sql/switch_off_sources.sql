UPDATE sources
SET enabled = false
WHERE kind <> 'seeds' AND enabled AND source_id NOT IN (SELECT unnest(?::VARCHAR[]));
