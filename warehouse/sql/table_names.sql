SELECT table_name
FROM duckdb_tables()
WHERE schema_name = 'main' AND NOT internal AND database_name = current_database()
ORDER BY table_name;
