SELECT * FROM emerging_terms ORDER BY term COLLATE "binary";
