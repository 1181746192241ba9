-- Near-duplicates are looked up by bands of their signatures, so that no run compares with all that is stored. A run that
-- finds signatures without bands makes them (warehouse/articles.py). No index: a look-up of a batch reads the column once.

CREATE TABLE article_bands (
    article_id VARCHAR NOT NULL,
    band UINTEGER NOT NULL
);
COMMENT ON TABLE article_bands IS 'Bands of the signatures: articles that have one in common may be near-duplicates.';
COMMENT ON COLUMN article_bands.article_id IS 'The article.';
COMMENT ON COLUMN article_bands.band IS 'A hash of three of the minima of its signature and of their place; 86 an article (extractors.duplicates).';
