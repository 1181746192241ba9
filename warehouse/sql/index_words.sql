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
