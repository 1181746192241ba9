SELECT constraint_column_names
FROM duckdb_constraints()
WHERE table_name = ? AND constraint_type = 'PRIMARY KEY' AND schema_name = 'main'
    AND database_name = current_database();
