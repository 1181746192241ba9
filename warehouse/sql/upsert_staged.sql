-- Columns that are not staged keep their values where the key is there already.
MERGE INTO $table
USING $staged USING ($key)
WHEN MATCHED THEN UPDATE BY NAME
WHEN NOT MATCHED THEN INSERT BY NAME;
