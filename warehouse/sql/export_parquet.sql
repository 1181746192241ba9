COPY (SELECT $columns FROM $table) TO '$target' (FORMAT parquet, COMPRESSION zstd);
