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
