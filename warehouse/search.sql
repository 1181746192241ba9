-- name: search
SELECT * FROM search(?) LIMIT ?;


-- name: search_state
SELECT stemmer FROM search_state;


-- name: search_stale_articles
-- Articles whose present content is not in the index, and those in the index that were withdrawn.
SELECT article_id
FROM articles AS a
FULL JOIN search_articles AS s USING (article_id)
WHERE s.content_hash IS DISTINCT FROM a.content_hash
ORDER BY article_id
LIMIT ?;


-- name: write_search_state
INSERT INTO search_state (stemmer) VALUES (?);


-- name: forget_search_postings
DELETE FROM search_postings
WHERE passage_id IN (
    SELECT passage_id FROM search_passages WHERE article_id IN (SELECT value FROM staged_values)
);


-- name: forget_search_passages
DELETE FROM search_passages WHERE article_id IN (SELECT value FROM staged_values);


-- name: forget_search_articles
DELETE FROM search_articles WHERE article_id IN (SELECT value FROM staged_values);


-- name: index_passages
-- Paragraph 0 is what stands above: title and authors. Word counts follow from what is indexed: `count_passage_words`.
INSERT INTO search_passages BY NAME
SELECT
    row_number() OVER (ORDER BY article_id, paragraph_no)
        + (SELECT coalesce(max(passage_id), 0) FROM search_passages) AS passage_id,
    article_id,
    paragraph_no,
    0 AS word_count
FROM (
    SELECT article_id, paragraph_no FROM paragraphs
    UNION ALL
    SELECT article_id, 0 FROM articles
)
WHERE article_id IN (SELECT value FROM staged_values);


-- name: index_tokens
CREATE OR REPLACE TEMP TABLE index_tokens AS
WITH texts AS (
    SELECT article_id, paragraph_no, text FROM paragraphs
    UNION ALL
    SELECT article_id, 0, concat_ws(' ', title, array_to_string(authors, ' ')) FROM articles
)
SELECT passage_id, word, count(*) AS occurrences
FROM (
    SELECT passage.passage_id, unnest(search_tokens(texts.text)) AS word
    FROM texts
    JOIN search_passages AS passage USING (article_id, paragraph_no)
    WHERE texts.article_id IN (SELECT value FROM staged_values)
)
WHERE NOT is_stop_word(word)
GROUP BY passage_id, word;


-- name: index_words
-- The words that are new, each with its stem.
INSERT INTO search_words BY NAME
WITH news AS (
    SELECT word, $stem AS stem
    FROM (SELECT DISTINCT word FROM index_tokens)
    ANTI JOIN search_words USING (word)
),
known AS (
    SELECT DISTINCT stem, stem_id FROM search_words
),
numbered AS (
    SELECT
        stem,
        row_number() OVER (ORDER BY stem) + (SELECT coalesce(max(stem_id), 0) FROM search_words) AS stem_id
    FROM (SELECT DISTINCT stem FROM news)
    ANTI JOIN known USING (stem)
)
SELECT news.word, news.stem, coalesce(known.stem_id, numbered.stem_id) AS stem_id
FROM news
LEFT JOIN known USING (stem)
LEFT JOIN numbered USING (stem);


-- name: index_postings
-- Ordered by stem, so that a search reads little of the table.
INSERT INTO search_postings BY NAME
SELECT w.stem_id, t.passage_id, sum(t.occurrences) AS occurrences
FROM index_tokens AS t
JOIN search_words AS w USING (word)
GROUP BY w.stem_id, t.passage_id
ORDER BY w.stem_id, t.passage_id;


-- name: count_passage_words
UPDATE search_passages AS passage
SET word_count = counted.word_count
FROM (SELECT passage_id, sum(occurrences) AS word_count FROM index_tokens GROUP BY passage_id) AS counted
WHERE counted.passage_id = passage.passage_id;


-- name: drop_index_tokens
DROP TABLE index_tokens;


-- name: index_articles
INSERT INTO search_articles BY NAME
SELECT article_id, content_hash FROM articles WHERE article_id IN (SELECT value FROM staged_values);
