-- Bands in rows of a bucket each: a look-up reads the entries of the buckets that it asks for and passes over all others, where
-- with a row a band it went through every row. A run makes the bands of a warehouse from before anew.

DROP TABLE article_bands;

CREATE TABLE article_bands (
    bucket UINTEGER NOT NULL,
    entry_count UINTEGER NOT NULL,
    entries BLOB NOT NULL
);
COMMENT ON TABLE article_bands IS 'Bands of the signatures by buckets: articles that have one in common may be near-duplicates.';
COMMENT ON COLUMN article_bands.bucket IS 'The upper 18 bits of the bands in it.';
COMMENT ON COLUMN article_bands.entry_count IS 'How many bands it holds, of all articles; 86 an article in all buckets.';
COMMENT ON COLUMN article_bands.entries IS 'Five bytes a band: the rest of it, a hash of three of the minima of a signature and of their place, and the article_key (extractors.duplicates).';

DROP TABLE article_bands_added;

CREATE TABLE article_bands_added (
    band UBIGINT NOT NULL,
    article_key UINTEGER NOT NULL
);
COMMENT ON TABLE article_bands_added IS 'Bands that came in since those in article_bands were put together.';
COMMENT ON COLUMN article_bands_added.band IS 'A hash of 38 bits of three of the minima of a signature and of their place.';
COMMENT ON COLUMN article_bands_added.article_key IS 'The article, by article_keys; those of a key that is not there are of what changed or went.';

-- A small language model may have a part in what a theme is found by.

COMMENT ON COLUMN theme_mentions.score IS 'Summed weight of the cues that fired, of the words of the paragraph and, where the setting themes asks for it, of what a language model takes it to mean; above the threshold of the theme.';
COMMENT ON COLUMN theme_mentions.cues IS 'Every cue that fired by its name, strongest first, then the words that gave most, in quotation marks, and what the language model added as "meaning".';
