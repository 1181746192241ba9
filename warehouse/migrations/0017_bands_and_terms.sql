-- What a day costs follows what changed. Near-duplicates are looked up by bands of their signatures, so that no run compares
-- with all that is stored; a run that finds signatures without bands makes them (warehouse/articles.py). No index: a
-- look-up of a batch reads the column once. Emerging terms are made anew where enough has changed since.

CREATE TABLE article_bands (
    article_id VARCHAR NOT NULL,
    band UINTEGER NOT NULL
);
COMMENT ON TABLE article_bands IS 'Bands of the signatures: articles that have one in common may be near-duplicates.';
COMMENT ON COLUMN article_bands.article_id IS 'The article.';
COMMENT ON COLUMN article_bands.band IS 'A hash of three of the minima of its signature and of their place; 86 an article (extractors.duplicates).';

CREATE TABLE emerging_terms_made (
    made_at TIMESTAMPTZ NOT NULL,
    codebook_version VARCHAR NOT NULL,
    articles INTEGER NOT NULL,
    terms INTEGER NOT NULL,
    changed INTEGER NOT NULL
);
COMMENT ON TABLE emerging_terms_made IS 'When and of what the emerging terms were made, in one row.';
COMMENT ON COLUMN emerging_terms_made.made_at IS 'When they were made.';
COMMENT ON COLUMN emerging_terms_made.codebook_version IS 'The codebook whose terms they are not.';
COMMENT ON COLUMN emerging_terms_made.articles IS 'How many articles were compared, recent and earlier ones.';
COMMENT ON COLUMN emerging_terms_made.terms IS 'How many terms there were; fewer now have lost their example.';
COMMENT ON COLUMN emerging_terms_made.changed IS 'How many articles came in or changed since.';
