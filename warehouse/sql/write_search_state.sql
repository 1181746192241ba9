INSERT INTO search_state (stemmer) VALUES (?);
