-- name: layer
-- The notes beside what the snapshot says now, and the views that apply them. All of it is temporary: it lasts as long as
-- the connection, and the published file stays as it is. Before it stands the table `notes_made`, with a row for each note.
CREATE OR REPLACE TEMP MACRO noted(fields, field, stated) AS
    CASE WHEN list_contains(map_keys(fields), field) THEN fields[field] ELSE stated END;

CREATE OR REPLACE TEMP TABLE notes AS
WITH places AS (
    SELECT article_id AS target, title AS words FROM articles
    UNION ALL
    SELECT article_id || '-p' || paragraph_no, text FROM paragraphs
    UNION ALL
    SELECT figure_id, sentence FROM v_figures WHERE figure_id IN (SELECT target FROM notes_made)
    UNION ALL
    SELECT made.target, p.text
    FROM (SELECT DISTINCT target FROM notes_made WHERE regexp_matches(target, '^[0-9a-f]{16}-p\d+-[a-z_]+$')) AS made
    JOIN paragraphs AS p ON starts_with(made.target, p.article_id || '-p' || p.paragraph_no || '-')
    UNION ALL
    SELECT DISTINCT publisher, publisher FROM articles WHERE publisher IS NOT NULL
),
found AS (
    SELECT
        made.*,
        places.target IS NOT NULL AS is_there,
        places.words AS words_now,
        CASE
            WHEN made.kind = 'publisher' THEN coalesce(a.publisher, places.target)
            WHEN made.kind = 'theme' THEN m.framing
            WHEN made.kind = 'figure' THEN
                CASE made.field
                    WHEN 'figure' THEN 'stated'
                    WHEN 'value' THEN f.value::VARCHAR
                    WHEN 'value_low' THEN f.value_low::VARCHAR
                    WHEN 'value_high' THEN f.value_high::VARCHAR
                    WHEN 'unit' THEN f.unit
                    WHEN 'kind' THEN f.kind
                    WHEN 'qualifier' THEN f.qualifier
                    WHEN 'measure' THEN f.measure
                    WHEN 'subject' THEN f.subject
                    WHEN 'base' THEN f.base
                    WHEN 'period_start' THEN f.period_start::VARCHAR
                    WHEN 'period_end' THEN f.period_end::VARCHAR
                    WHEN 'change' THEN f.change
                    WHEN 'attribution' THEN f.attribution
                END
        END AS stated
    FROM notes_made AS made
    LEFT JOIN places USING (target)
    LEFT JOIN articles AS a ON a.article_id = made.target
    LEFT JOIN figures AS f ON f.figure_id = made.target
    LEFT JOIN v_mentions AS m ON m.mention_id = made.target
)
SELECT
    note_no,
    CASE
        WHEN NOT is_there THEN 'gone'
        WHEN kind IN ('tag', 'comment') THEN CASE WHEN words_now IS DISTINCT FROM words THEN 'changed' ELSE 'applied' END
        WHEN stated IS NOT DISTINCT FROM becomes THEN 'settled'
        WHEN stated IS DISTINCT FROM expects OR (kind <> 'publisher' AND words_now IS DISTINCT FROM words) THEN 'changed'
        ELSE 'applied'
    END AS state,
    kind, target, field, expects, becomes, stated, why, made_on, words, words_now
FROM found
ORDER BY note_no;

CREATE OR REPLACE TEMP VIEW v_articles_corrected AS
WITH renamed AS (
    SELECT a.article_id, arg_max(n.becomes, n.target = a.article_id) AS publisher
    FROM articles AS a
    JOIN notes AS n ON n.target = a.article_id OR n.target = a.publisher
    WHERE n.kind = 'publisher' AND n.state = 'applied'
    GROUP BY a.article_id
),
tagged AS (
    SELECT left(target, 16) AS article_id, list(DISTINCT becomes ORDER BY becomes) AS tags
    FROM notes
    WHERE kind = 'tag' AND state <> 'gone'
    GROUP BY ALL
)
SELECT
    a.* REPLACE (coalesce(renamed.publisher, a.publisher) AS publisher),
    renamed.publisher IS NOT NULL AS is_corrected,
    coalesce(tagged.tags, []) AS tags
FROM articles AS a
LEFT JOIN renamed USING (article_id)
LEFT JOIN tagged USING (article_id);

CREATE OR REPLACE TEMP VIEW v_figures_corrected AS
WITH corrections AS (
    SELECT target AS figure_id, map_from_entries(list((field, becomes) ORDER BY note_no)) AS fields
    FROM (
        FROM notes
        WHERE kind = 'figure' AND state = 'applied'
        QUALIFY row_number() OVER (PARTITION BY target, field ORDER BY note_no DESC) = 1
    )
    GROUP BY target
),
tagged AS (
    SELECT target AS figure_id, list(DISTINCT becomes ORDER BY becomes) AS tags
    FROM notes
    WHERE kind = 'tag' AND state <> 'gone'
    GROUP BY target
)
SELECT
    v.* REPLACE (
        a.publisher AS publisher,
        noted(c.fields, 'value', v.value::VARCHAR)::DOUBLE AS value,
        -- The bounds of a single number move with it.
        CASE
            WHEN v.value_low = v.value THEN noted(c.fields, 'value_low', noted(c.fields, 'value', v.value_low::VARCHAR))
            ELSE noted(c.fields, 'value_low', v.value_low::VARCHAR)
        END::DOUBLE AS value_low,
        CASE
            WHEN v.value_high = v.value THEN noted(c.fields, 'value_high', noted(c.fields, 'value', v.value_high::VARCHAR))
            ELSE noted(c.fields, 'value_high', v.value_high::VARCHAR)
        END::DOUBLE AS value_high,
        noted(c.fields, 'unit', v.unit) AS unit,
        noted(c.fields, 'kind', v.kind) AS kind,
        noted(c.fields, 'qualifier', v.qualifier) AS qualifier,
        noted(c.fields, 'measure', v.measure) AS measure,
        noted(c.fields, 'subject', v.subject) AS subject,
        noted(c.fields, 'base', v.base) AS base,
        noted(c.fields, 'period_start', v.period_start::VARCHAR)::DATE AS period_start,
        noted(c.fields, 'period_end', v.period_end::VARCHAR)::DATE AS period_end,
        noted(c.fields, 'change', v.change) AS change,
        noted(c.fields, 'attribution', v.attribution) AS attribution
    ),
    coalesce(map_keys(c.fields), []) AS corrected,
    coalesce(tagged.tags, []) AS tags
FROM v_figures AS v
JOIN v_articles_corrected AS a USING (article_id)
LEFT JOIN corrections AS c USING (figure_id)
LEFT JOIN tagged USING (figure_id)
WHERE NOT coalesce(list_contains(map_keys(c.fields), 'figure'), false);

CREATE OR REPLACE TEMP VIEW v_mentions_corrected AS
WITH corrections AS (
    SELECT target AS mention_id, becomes AS framing, expects IS NULL AS is_new
    FROM notes
    WHERE kind = 'theme' AND state = 'applied'
    QUALIFY row_number() OVER (PARTITION BY target ORDER BY note_no DESC) = 1
),
tagged AS (
    SELECT target AS mention_id, list(DISTINCT becomes ORDER BY becomes) AS tags
    FROM notes
    WHERE kind = 'tag' AND state <> 'gone'
    GROUP BY target
)
SELECT
    v.* REPLACE (a.publisher AS publisher, coalesce(c.framing, v.framing) AS framing),
    c.mention_id IS NOT NULL AS is_corrected,
    coalesce(tagged.tags, []) AS tags
FROM v_mentions AS v
JOIN v_articles_corrected AS a USING (article_id)
LEFT JOIN corrections AS c USING (mention_id)
LEFT JOIN tagged USING (mention_id)
WHERE c.mention_id IS NULL OR c.framing IS NOT NULL
UNION ALL BY NAME
-- A theme that the coding has not: the whole paragraph is its evidence.
SELECT
    readable_date(a.published_on, a.published_precision) AS published,
    a.publisher,
    t.label,
    c.framing,
    p.text AS sentence,
    p.text AS surface,
    t.theme_id,
    t.family,
    s.sector,
    a.title,
    a.url,
    a.duplicate_of IS NOT NULL AS is_copy,
    a.published_on,
    p.kind AS paragraph_kind,
    c.mention_id,
    p.article_id,
    p.paragraph_no,
    0 AS char_start,
    length(p.text) AS char_end,
    true AS is_corrected,
    coalesce(tagged.tags, []) AS tags
FROM corrections AS c
JOIN paragraphs AS p ON starts_with(c.mention_id, p.article_id || '-p' || p.paragraph_no || '-')
JOIN themes AS t ON t.theme_id = split_part(c.mention_id, '-', 3)
JOIN v_articles_corrected AS a ON a.article_id = p.article_id
LEFT JOIN sources AS s USING (source_id)
LEFT JOIN tagged ON tagged.mention_id = c.mention_id
WHERE c.is_new AND c.framing IS NOT NULL;


-- name: noted
SELECT note_no, state, kind, target, field, expects, becomes, stated, why, words, words_now FROM notes ORDER BY note_no;


-- name: place
-- What stands at a target now: the words under it, and of a figure or a theme what is said of it there.
SELECT words_now AS words, stated FROM notes WHERE state <> 'gone';


-- name: knows_theme
SELECT count(*) > 0 FROM themes WHERE theme_id = ?;


-- name: columns_of
SELECT column_name, replace(column_type, 'TIMESTAMP WITH TIME ZONE', 'TIMESTAMPTZ') FROM (DESCRIBE $relation);
