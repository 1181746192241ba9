INSERT INTO $table BY NAME
SELECT * FROM last_published.$table
WHERE $key NOT IN (SELECT $key FROM $table);
