-- An index of words for full-text search with ranking. It is made of plain tables and asked by the macro `search`, so
-- that readers need no extension, and brought up to date article by article, where DuckDB's own full-text index can only
-- be built anew (11 s for 100,000 paragraphs).

CREATE TABLE search_state (stemmer VARCHAR NOT NULL);
COMMENT ON TABLE search_state IS 'One row: how the index was made.';
COMMENT ON COLUMN search_state.stemmer IS 'english for stems of the Snowball stemmer, none where its extension could not be loaded.';

CREATE TABLE search_articles (
    article_id VARCHAR NOT NULL,
    content_hash VARCHAR NOT NULL
);
COMMENT ON TABLE search_articles IS 'Articles that are in the search index.';
COMMENT ON COLUMN search_articles.article_id IS 'The article.';
COMMENT ON COLUMN search_articles.content_hash IS 'Hash of the content that was indexed.';

CREATE TABLE search_passages (
    passage_id INTEGER NOT NULL,
    article_id VARCHAR NOT NULL,
    paragraph_no INTEGER NOT NULL,
    word_count INTEGER NOT NULL
);
COMMENT ON TABLE search_passages IS 'Paragraphs in the search index.';
COMMENT ON COLUMN search_passages.passage_id IS 'Number of the paragraph within the index.';
COMMENT ON COLUMN search_passages.article_id IS 'The article.';
COMMENT ON COLUMN search_passages.paragraph_no IS 'The paragraph.';
COMMENT ON COLUMN search_passages.word_count IS 'Words of the paragraph that are indexed.';

CREATE TABLE search_words (
    word VARCHAR NOT NULL,
    stem VARCHAR NOT NULL,
    stem_id INTEGER NOT NULL
);
COMMENT ON TABLE search_words IS 'Every word form that occurs, in lower case without accents, with its stem.';
COMMENT ON COLUMN search_words.word IS 'The word form.';
COMMENT ON COLUMN search_words.stem IS 'Its stem.';
COMMENT ON COLUMN search_words.stem_id IS 'Number of the stem within the index.';

CREATE TABLE search_postings (
    stem_id INTEGER NOT NULL,
    passage_id INTEGER NOT NULL,
    occurrences INTEGER NOT NULL
);
COMMENT ON TABLE search_postings IS 'Which stem occurs in which paragraph.';
COMMENT ON COLUMN search_postings.stem_id IS 'Number of the stem.';
COMMENT ON COLUMN search_postings.passage_id IS 'Number of the paragraph.';
COMMENT ON COLUMN search_postings.occurrences IS 'How often it occurs there.';
