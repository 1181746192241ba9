CREATE MACRO search_tokens(text) AS
    regexp_extract_all(lower(strip_accents(replace(text, '’', ''''))), '[a-z0-9]+(?:[&''][a-z0-9]+)*');
COMMENT ON MACRO search_tokens IS 'The words of a text in lower case without accents.';

-- Okapi BM25 with its customary constants, k1 = 1.2 and b = 0.75. A word of the query that occurs nowhere is taken for
-- a form of the longest known stem that it begins with ("privatise" for "privatis").
CREATE MACRO search(query) AS TABLE
WITH asked AS (
    SELECT DISTINCT unnest(search_tokens(query)) AS word
),
known AS (
    SELECT asked.word, w.stem_id FROM asked JOIN search_words AS w USING (word)
),
guessed AS (
    SELECT asked.word, arg_max(w.stem_id, length(w.stem)) AS stem_id
    FROM asked
    ANTI JOIN known USING (word)
    JOIN search_words AS w ON length(w.stem) >= 4 AND starts_with(asked.word, w.stem)
    GROUP BY asked.word
),
terms AS (
    SELECT DISTINCT stem_id FROM (FROM known UNION ALL FROM guessed)
),
hits AS (
    SELECT p.stem_id, p.passage_id, p.occurrences FROM search_postings AS p SEMI JOIN terms USING (stem_id)
),
frequencies AS (
    SELECT stem_id, count(*) AS passages FROM hits GROUP BY stem_id
),
size AS (
    SELECT count(*) AS passages, avg(word_count) AS mean_words FROM search_passages
),
scored AS (
    SELECT
        hits.passage_id,
        count(*) AS words_matched,
        sum(
            ln(1 + (size.passages - frequencies.passages + 0.5) / (frequencies.passages + 0.5))
            * hits.occurrences * 2.2
            / (hits.occurrences + 1.2 * (0.25 + 0.75 * passage.word_count / size.mean_words))
        ) AS score
    FROM hits
    JOIN frequencies USING (stem_id)
    JOIN search_passages AS passage USING (passage_id)
    CROSS JOIN size
    GROUP BY hits.passage_id
)
SELECT
    round(scored.score, 3) AS score,
    scored.words_matched,
    p.text,
    a.title,
    a.publisher,
    a.published_on,
    a.url,
    passage.article_id,
    passage.paragraph_no
FROM scored
JOIN search_passages AS passage USING (passage_id)
JOIN paragraphs AS p ON p.article_id = passage.article_id AND p.paragraph_no = passage.paragraph_no
JOIN articles AS a ON a.article_id = passage.article_id
ORDER BY scored.score DESC, passage.article_id, passage.paragraph_no;
COMMENT ON MACRO TABLE search IS 'Paragraphs that speak of the words asked for, best first: SELECT * FROM search(''waiting lists'') LIMIT 10.';
