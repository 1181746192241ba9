SELECT table_name, row_count, fingerprint FROM snapshot_tables ORDER BY table_name;
