UPDATE sources SET trouble = $trouble WHERE source_id = $source_id;
