-- name: relations
-- Every table and view of the file with its comment; of a macro, how it is called.
SELECT table_name AS name, 'table' AS kind, coalesce(comment, '') AS comment, table_name AS called
FROM duckdb_tables()
WHERE schema_name = 'main' AND NOT internal AND database_name = current_database()
UNION ALL
SELECT view_name, 'view', coalesce(comment, ''), view_name
FROM duckdb_views()
WHERE schema_name = 'main' AND NOT internal AND database_name = current_database()
UNION ALL
SELECT
    function_name,
    'macro',
    coalesce(comment, (SELECT any_value(c.comment) FROM view_comments AS c WHERE c.relation = function_name), ''),
    function_name || '(' || array_to_string(parameters, ', ') || ')'
FROM duckdb_functions()
WHERE schema_name = 'main' AND NOT internal AND database_name = current_database()
    AND function_type IN ('macro', 'table_macro')
ORDER BY name, kind;


-- name: columns
SELECT
    table_name AS relation,
    known.column_name AS name,
    replace(data_type, 'TIMESTAMP WITH TIME ZONE', 'TIMESTAMPTZ') AS type,
    coalesce(known.comment, kept.comment, '') AS comment
FROM duckdb_columns() AS known
LEFT JOIN view_comments AS kept ON kept.relation = known.table_name AND kept.column_name = known.column_name
WHERE schema_name = 'main' AND NOT internal AND database_name = current_database()
ORDER BY table_name, column_index;
