COPY (SELECT $columns FROM $table) TO '$target' (FORMAT csv, HEADER);
