-- A run says when it was last alive. Whether it crashed is told by that, and by who holds the lock: where several machines
-- share a warehouse, a run that another machine is in the middle of is not taken for one that was killed.

ALTER TABLE runs ADD COLUMN alive_at TIMESTAMPTZ;
ALTER TABLE runs ADD COLUMN worker VARCHAR;
COMMENT ON COLUMN runs.alive_at IS 'When it last said that it was alive; of a crashed run, shortly before it ended. Null for runs of former releases.';
COMMENT ON COLUMN runs.worker IS 'Which of several machines it ran on: the identity of its home. Null where one machine has the warehouse to itself.';

-- What a look-up of bands reads is little: they are sorted, so that a column of them takes eleven bits a row, and begin with a
-- bucket, of which there is one run each, so that only the rows of the buckets that are asked for are looked at. What comes
-- in stands beside them until it is a tenth (warehouse/articles.py). Articles go by a short number: several may share one,
-- as what is found is compared exactly. A run makes the bands of a warehouse from before anew.

DROP TABLE article_bands;

CREATE TABLE article_bands (
    bucket USMALLINT NOT NULL,
    band UINTEGER NOT NULL,
    article_key UINTEGER NOT NULL
);
COMMENT ON TABLE article_bands IS 'Bands of the signatures in their order: articles that have one in common may be near-duplicates.';
COMMENT ON COLUMN article_bands.bucket IS 'The upper half of the band, by which a look-up finds its rows.';
COMMENT ON COLUMN article_bands.band IS 'A hash of three of the minima of a signature and of their place; 86 an article (extractors.duplicates).';
COMMENT ON COLUMN article_bands.article_key IS 'The article, by article_keys; rows of a key that is not there are of what changed or went.';

CREATE TABLE article_bands_added (
    band UINTEGER NOT NULL,
    article_key UINTEGER NOT NULL
);
COMMENT ON TABLE article_bands_added IS 'Bands that came in since article_bands was sorted.';
COMMENT ON COLUMN article_bands_added.band IS 'As in article_bands.';
COMMENT ON COLUMN article_bands_added.article_key IS 'As in article_bands.';

CREATE TABLE article_keys (
    article_id VARCHAR NOT NULL,
    article_key UINTEGER NOT NULL
);
COMMENT ON TABLE article_keys IS 'The articles whose bands are stored, and the short number that stands for each there.';
COMMENT ON COLUMN article_keys.article_id IS 'The article.';
COMMENT ON COLUMN article_keys.article_key IS 'Twenty bits of a hash of its signature; some articles share one.';

-- What a lake needs that a file has by itself: comments where DuckLake takes none, and a row that every load of articles
-- changes, so that of two at once one is refused. In a file they stay as they are here.

CREATE TABLE view_comments (
    relation VARCHAR NOT NULL,
    column_name VARCHAR,
    comment VARCHAR NOT NULL
);
COMMENT ON TABLE view_comments IS 'Comments of macros and of columns of views in a lake, which takes none there; empty in a file.';
COMMENT ON COLUMN view_comments.relation IS 'The view or macro.';
COMMENT ON COLUMN view_comments.column_name IS 'Its column; null for a macro.';
COMMENT ON COLUMN view_comments.comment IS 'What it means.';

CREATE TABLE loads (number BIGINT NOT NULL);
COMMENT ON TABLE loads IS 'One row: how many batches of articles were loaded into a lake. Each changes it, so that two at once conflict.';
COMMENT ON COLUMN loads.number IS 'How many; 0 in a file.';
INSERT INTO loads VALUES (0);

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
