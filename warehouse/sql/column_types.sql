SELECT column_name, data_type LIKE '%[]' AS is_list
FROM duckdb_columns()
WHERE table_name = ? AND schema_name = 'main' AND database_name = current_database()
ORDER BY column_index;
