CREATE MACRO search_tokens(text) AS
    regexp_extract_all(lower(strip_accents(replace(text, '’', ''''))), '[a-z0-9]+(?:[&''][a-z0-9]+)*');
COMMENT ON MACRO search_tokens IS 'The words of a text in lower case without accents.';

CREATE MACRO is_stop_word(word) AS word IN (
    'a', 'about', 'after', 'an', 'and', 'any', 'are', 'as', 'at', 'be', 'been', 'before', 'between', 'but', 'by', 'can',
    'do', 'does', 'for', 'from', 'had', 'has', 'have', 'he', 'her', 'his', 'how', 'i', 'if', 'in', 'into', 'is', 'it', 'its',
    'no', 'not', 'of', 'on', 'or', 'our', 'she', 'so', 'some', 'such', 'than', 'that', 'the', 'their', 'them', 'then',
    'there', 'these', 'they', 'this', 'those', 'to', 'was', 'we', 'were', 'what', 'when', 'where', 'which', 'who', 'why',
    'will', 'with', 'would', 'you', 'your'
);
COMMENT ON MACRO is_stop_word IS 'Whether a word is in most sentences: it tells nothing, and would make up half of the index.';

CREATE MACRO phrase_text(text) AS ' ' || array_to_string(search_tokens(text), ' ') || ' ';
COMMENT ON MACRO phrase_text IS 'A text as its words with a blank around each, to look for a phrase in.';

-- Okapi BM25 over paragraphs, k1 = 1.2 and b = 0.5, none taken for shorter than half the mean, so that a line of five words
-- does not come before the passage that it announces. What the paragraph does not say counts half if title or authors say it, a
-- quarter if the article says it elsewhere. A paragraph with all words comes before one with some, prose before headings; words that stand together as they were asked
-- for count more. A word of the query that occurs nowhere is taken for a form of the longest known stem that it begins with
-- ("privatise" for "privatis").
CREATE MACRO search(query) AS TABLE
WITH asked AS (
    SELECT word, min(place) AS place
    FROM (
        SELECT unnest(tokens) AS word, generate_subscripts(tokens, 1) AS place FROM (SELECT search_tokens(query) AS tokens)
    )
    WHERE NOT is_stop_word(word)
    GROUP BY word
),
phrases AS (
    SELECT phrase_text(phrase) AS phrase
    FROM (SELECT unnest(regexp_extract_all(translate(query, '“”', '""'), '"([^"]+)"', 1)) AS phrase)
    WHERE len(search_tokens(phrase)) > 0
),
known AS (
    SELECT asked.word, asked.place, w.stem_id FROM asked JOIN search_words AS w USING (word)
),
guessed AS (
    SELECT asked.word, asked.place, arg_max(w.stem_id, length(w.stem)) AS stem_id
    FROM asked
    ANTI JOIN known USING (word)
    JOIN search_words AS w ON length(w.stem) >= 4 AND starts_with(asked.word, w.stem)
    GROUP BY ALL
),
stems AS (
    SELECT stem_id, row_number() OVER (ORDER BY min(place)) AS term_no
    FROM (FROM known UNION ALL FROM guessed)
    GROUP BY stem_id
),
size AS (
    SELECT count(*) AS passages, avg(word_count) AS mean_words FROM search_passages WHERE paragraph_no > 0
),
found AS (
    SELECT stems.stem_id, stems.term_no, h.passage_id, h.occurrences, p.article_id, p.paragraph_no, p.word_count
    FROM search_postings AS h
    JOIN stems USING (stem_id)
    JOIN search_passages AS p USING (passage_id)
),
terms AS (
    SELECT
        stem_id,
        any_value(term_no) AS term_no,
        ln(1 + (any_value(size.passages) - count(*) + 0.5) / (count(*) + 0.5)) ** 0.8 AS weight
    FROM found
    CROSS JOIN size
    WHERE paragraph_no > 0
    GROUP BY stem_id
    UNION ALL
    SELECT stem_id, any_value(term_no), ln(1 + 2 * any_value(size.passages)) ** 0.8
    FROM found
    CROSS JOIN size
    GROUP BY stem_id
    HAVING max(paragraph_no) = 0
),
said AS (
    SELECT
        f.passage_id,
        f.article_id,
        f.paragraph_no,
        f.stem_id,
        terms.weight,
        terms.weight * f.occurrences * 2.2
            / (f.occurrences + 1.2 * (0.5 + 0.5 * greatest(f.word_count / size.mean_words, 0.5))) AS score
    FROM found AS f
    JOIN terms USING (stem_id)
    CROSS JOIN size
    WHERE f.paragraph_no > 0
),
-- Which words the article says anywhere, and which in its title or as its authors.
around AS (
    SELECT f.article_id, f.stem_id, any_value(terms.weight) AS weight, min(f.paragraph_no) = 0 AS in_title
    FROM found AS f
    JOIN terms USING (stem_id)
    GROUP BY f.article_id, f.stem_id
),
passages AS (
    SELECT
        passage_id,
        any_value(article_id) AS article_id,
        any_value(paragraph_no) AS paragraph_no,
        count(*) AS words_matched,
        sum(weight) AS weight,
        sum(score) AS score
    FROM said
    GROUP BY passage_id
    UNION ALL
    -- Where only title and authors have the words, the article's first paragraph of prose stands for it.
    SELECT p.passage_id, article_id, p.paragraph_no, 0, 0, 0
    FROM (SELECT DISTINCT article_id FROM around ANTI JOIN said USING (article_id))
    JOIN (
        SELECT article_id, min(paragraph_no) AS paragraph_no
        FROM (SELECT article_id, paragraph_no, kind FROM paragraphs)
        WHERE kind = 'prose'
        GROUP BY article_id
    ) AS opening USING (article_id)
    JOIN search_passages AS p USING (article_id, paragraph_no)
),
placed AS (
    SELECT
        p.passage_id,
        count(*) FILTER (said.stem_id IS NULL AND around.in_title) AS words_in_title,
        count(*) FILTER (said.stem_id IS NULL AND NOT around.in_title) AS words_elsewhere,
        coalesce(sum(around.weight) FILTER (said.stem_id IS NULL AND around.in_title), 0) AS weight_in_title,
        coalesce(sum(around.weight) FILTER (said.stem_id IS NULL AND NOT around.in_title), 0) AS weight_elsewhere,
        coalesce(sum(around.weight) FILTER (said.stem_id IS NOT NULL AND around.in_title), 0) AS weight_in_both
    FROM passages AS p
    JOIN around USING (article_id)
    LEFT JOIN said ON said.passage_id = p.passage_id AND said.stem_id = around.stem_id
    GROUP BY p.passage_id
),
weighed AS (
    SELECT
        p.passage_id,
        p.article_id,
        p.paragraph_no,
        p.words_matched,
        p.words_matched = every.words AS has_all,
        p.words_matched + placed.words_in_title = every.words AS has_all_with_title,
        (p.score + 0.5 * weight_in_title + 0.25 * weight_elsewhere + 0.2 * weight_in_both)
            * (
                0.5 * (p.words_matched + 0.8 * words_in_title + 0.4 * words_elsewhere) / every.words
                + 0.5 * (p.weight + 0.8 * weight_in_title + 0.4 * weight_elsewhere) / every.weight
            ) ** 2 AS score
    FROM passages AS p
    JOIN placed USING (passage_id)
    CROSS JOIN (SELECT count(*) AS words, sum(weight) AS weight FROM terms) AS every
),
chosen AS (
    SELECT
        w.*, para.text, para.kind, a.title, a.authors, a.publisher, a.published_on, a.published_precision, a.url,
        a.duplicate_of IS NOT NULL AS is_copy, coalesce(a.duplicate_of, a.article_id) AS original_id,
        -- A heading announces, and so does the short question of an interview: what they announce follows.
        w.score * CASE
            WHEN para.kind = 'heading' THEN 0.4
            WHEN length(para.text) < 120 AND regexp_matches(para.text, '\?["''”’]?$') THEN 0.7
            ELSE 1
        END AS ranked
    FROM weighed AS w
    JOIN paragraphs AS para ON para.article_id = w.article_id AND para.paragraph_no = w.paragraph_no
    JOIN articles AS a ON a.article_id = w.article_id
    WHERE NOT EXISTS (FROM phrases)
        OR (SELECT bool_and(
                contains(phrase_text(para.text), phrase)
                OR contains(phrase_text(concat_ws(' ', a.title, array_to_string(a.authors, ' '))), phrase)
            ) FROM phrases)
),
-- Words that stand together as they were asked for: looked for in the best passages only, since it takes their texts.
places AS (
    SELECT passage_id, term_no, place
    FROM (
        SELECT passage_id, unnest(tokens) AS word, generate_subscripts(tokens, 1) AS place
        FROM (
            SELECT passage_id, search_tokens(text) AS tokens
            FROM chosen
            ORDER BY has_all DESC, has_all_with_title DESC, ranked DESC, passage_id
            LIMIT 200
        )
    )
    JOIN search_words USING (word)
    JOIN terms USING (stem_id)
),
together AS (
    SELECT one.passage_id, count(DISTINCT one.term_no) AS pairs
    FROM places AS one
    JOIN places AS two
        ON two.passage_id = one.passage_id
        AND two.term_no = one.term_no + 1
        AND two.place - one.place BETWEEN 1 AND 3
    GROUP BY one.passage_id
),
folded AS (
    SELECT
        c.*,
        c.ranked * (1 + 0.3 * coalesce(together.pairs, 0)) AS final_score,
        count(DISTINCT c.article_id) OVER (PARTITION BY lower(c.text)) - 1 AS copies
    FROM chosen AS c
    LEFT JOIN together USING (passage_id)
    QUALIFY
        row_number() OVER (
            PARTITION BY lower(c.text) ORDER BY c.is_copy, c.published_on NULLS LAST, c.article_id, c.paragraph_no
        ) = 1
        AND (
            NOT c.is_copy
            OR c.words_matched > coalesce(
                max(CASE WHEN c.is_copy THEN -1 ELSE c.words_matched END) OVER (PARTITION BY c.original_id), -1
            )
        )
)
SELECT
    round(final_score, 3) AS score,
    words_matched,
    text,
    title,
    authors,
    publisher,
    readable_date(published_on, published_precision) AS published,
    published_on,
    url,
    copies,
    kind,
    article_id,
    paragraph_no
FROM folded
ORDER BY
    has_all AND kind <> 'heading' DESC,
    has_all_with_title AND kind <> 'heading' DESC,
    final_score DESC,
    article_id,
    paragraph_no;
COMMENT ON MACRO TABLE search IS 'Paragraphs that speak of the words asked for, best first; "words in quotation marks" as they stand: SELECT * FROM search(''waiting lists'') LIMIT 10.';
