-- Columns that are not staged keep their values where the key is there already.
INSERT OR REPLACE INTO $table BY NAME SELECT * FROM $staged;
