-- Word counts are filled in by counting what is indexed, stop words left out, so that scores compare like with like.
INSERT INTO search_passages BY NAME
SELECT
    row_number() OVER (ORDER BY article_id, paragraph_no)
        + (SELECT coalesce(max(passage_id), 0) FROM search_passages) AS passage_id,
    article_id,
    paragraph_no,
    len(search_words_of(text)) AS word_count
FROM paragraphs
WHERE article_id IN (SELECT unnest(?::VARCHAR[]));
