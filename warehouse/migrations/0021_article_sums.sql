-- What passed the checks and is as it was need neither be read for the fingerprint of a table nor be checked again.

CREATE TABLE article_sums (
    table_name VARCHAR NOT NULL,
    article_id VARCHAR NOT NULL,
    row_count BIGINT NOT NULL,
    hashes UBIGINT NOT NULL
);
COMMENT ON TABLE article_sums IS 'Of each article that passed the checks, what its rows in the large tables came to then; they count as long as its row in articles is the same.';
COMMENT ON COLUMN article_sums.table_name IS 'The table; recipe in the one row that says by what and in which week the sums were made.';
COMMENT ON COLUMN article_sums.article_id IS 'The article.';
COMMENT ON COLUMN article_sums.row_count IS 'How many rows it has there.';
COMMENT ON COLUMN article_sums.hashes IS 'The exclusive-or of the hashes of these rows.';
