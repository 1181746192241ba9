-- Ours only: those of the main schema.
SELECT view_name, 'VIEW'
FROM duckdb_views()
WHERE NOT internal AND schema_name = 'main' AND database_name = current_database()
UNION ALL
SELECT DISTINCT function_name, CASE function_type WHEN 'table_macro' THEN 'MACRO TABLE' ELSE 'MACRO' END
FROM duckdb_functions()
WHERE NOT internal AND schema_name = 'main' AND database_name = current_database()
    AND function_type IN ('macro', 'table_macro');
