ATTACH '$path' AS last_published (READ_ONLY);
