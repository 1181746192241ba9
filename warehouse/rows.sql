-- name: no_rows
SELECT * FROM $table LIMIT 0;


-- name: insert_staged
INSERT INTO $table BY NAME SELECT * FROM $staged;


-- name: upsert_staged
-- Columns that are not staged keep their values where the key is there already.
MERGE INTO $table
USING $staged USING ($key)
WHEN MATCHED THEN UPDATE BY NAME
WHEN NOT MATCHED THEN INSERT BY NAME;


-- name: insert_missing
MERGE INTO $table
USING $staged USING ($key)
WHEN NOT MATCHED THEN INSERT BY NAME;


-- name: delete_all
DELETE FROM $table;
