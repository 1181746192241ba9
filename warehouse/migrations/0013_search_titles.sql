-- Title and authors are searched too, as paragraph 0 of each article: the index is made anew at the next publication.
DELETE FROM search_state;
DELETE FROM search_articles;
DELETE FROM search_passages;
DELETE FROM search_words;
DELETE FROM search_postings;
COMMENT ON TABLE search_passages IS 'Paragraphs in the search index, and as paragraph 0 the title and authors of each article.';
COMMENT ON COLUMN search_passages.paragraph_no IS 'The paragraph; 0 for title and authors.';
