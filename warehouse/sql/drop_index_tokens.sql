DROP TABLE index_tokens;
