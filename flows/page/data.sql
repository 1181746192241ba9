-- name: totals
-- How much the snapshot holds, in one row; near-duplicate articles are counted apart.
WITH originals AS (
    SELECT article_id, publisher, published_on, first_seen_at FROM articles WHERE duplicate_of IS NULL
)
SELECT
    (SELECT count(*) FROM originals) AS articles,
    (SELECT count(*) FROM articles WHERE duplicate_of IS NOT NULL) AS near_duplicates,  -- articles left out everywhere
    (SELECT count(DISTINCT publisher) FROM originals) AS publishers,
    (SELECT min(published_on) FROM originals) AS first_published_on,  -- null where no article has a date
    (SELECT max(published_on) FROM originals) AS last_published_on,
    (SELECT count(*) FROM originals WHERE first_seen_at >= $week_ago) AS new_articles,  -- came in since then
    (SELECT count(*) FROM theme_mentions SEMI JOIN originals USING (article_id)) AS mentions,
    (SELECT count(*) FROM figures SEMI JOIN originals USING (article_id)) AS figures,
    (SELECT count(*) FROM failures) AS failures,  -- items that failed and have not succeeded since
    (SELECT max(content_version) FROM snapshot) AS content_version,  -- null in a file that was never published
    (SELECT max(published_at) FROM snapshot) AS published_at


-- name: edits
-- The $edits latest edits of articles, each with up to five things that it changed in figures and themes.
SELECT
    article_id,
    seen_at,  -- when the edit was noticed
    title,
    publisher,
    version,
    url,
    count(change) AS changes,  -- 0 where neither figures nor themes changed
    list({'kind': kind, 'change': change, 'subject': subject, 'before': before, 'after': after}
         ORDER BY kind, change, subject) FILTER (change IS NOT NULL)[:5] AS changed
FROM v_version_changes
GROUP BY seen_at, title, publisher, version, url, article_id
ORDER BY seen_at DESC, article_id, version DESC
LIMIT $edits


-- name: terms
-- The $terms terms that rise most in recent articles and belong to no theme yet.
SELECT
    term,
    recent_count,  -- recent articles that use it
    earlier_count  -- earlier articles that use it
FROM v_emerging_terms
ORDER BY score DESC, term
LIMIT $terms


-- name: sources
-- How the sources fare, those that need a look first, $sources at most.
SELECT
    name,
    sector,
    enabled,
    status,  -- new, ok, unreachable, forbidden or nothing_found
    detail,  -- what was found or what failed
    last_ok_at,
    last_checked_at,
    failing_endpoints,
    endpoints,
    articles,
    waiting,  -- addresses found and not yet fetched
    last_article_at
FROM v_sources_health
ORDER BY enabled DESC, status IN ('ok', 'new'), failing_endpoints DESC, articles DESC, name, source_id
LIMIT $sources


-- name: source_states
-- How many watched sources are in which state; the folder of seeds and sets added by hand are not watched.
SELECT
    status,  -- new, ok, unreachable, forbidden or nothing_found
    count(*) AS sources
FROM v_sources_health
SEMI JOIN (SELECT source_id FROM sources WHERE kind NOT IN ('seeds', 'set')) USING (source_id)
WHERE enabled
GROUP BY status
ORDER BY sources DESC, status


-- name: order_articles
-- The articles that the page shows, newest first, by the place that everything else refers to; near-duplicates are left out.
CREATE OR REPLACE TEMP TABLE page_articles AS
SELECT
    (row_number() OVER (ORDER BY a.published_on DESC NULLS LAST, a.first_seen_at DESC, a.article_id) - 1)::INTEGER AS place,
    -- Where it is among the blocks: in the order of coming in, so that what comes in leaves the blocks before it as they are,
    -- and of one day's by publication, so that what is read together is near each other.
    (row_number() OVER (ORDER BY a.first_seen_at::DATE, a.published_on, a.article_id) - 1)::INTEGER AS home,
    a.article_id,
    a.publisher,
    s.sector,
    coalesce(a.published_on - DATE '1970-01-01', -2147483648)::INTEGER AS day,  -- days since 1970; the least number if undated
    CASE WHEN a.published_on IS NULL THEN 0 ELSE coalesce(list_position(['year', 'month'], a.published_precision), 3) END
        AS exactness,  -- 1 the year, 2 the month, 3 the day is known
    greatest(coalesce(p.paragraphs, 0), 1) AS paragraphs,
    (a.first_seen_at::DATE - DATE '1970-01-01')::INTEGER AS seen  -- the day when it came in
FROM articles AS a
LEFT JOIN sources AS s USING (source_id)
LEFT JOIN (SELECT article_id, count(*) AS paragraphs FROM paragraphs GROUP BY article_id) AS p USING (article_id)
WHERE a.duplicate_of IS NULL


-- name: order_themes
-- The themes by the place that mentions refer to.
CREATE OR REPLACE TEMP TABLE page_themes AS
SELECT (row_number() OVER (ORDER BY theme_id) - 1)::INTEGER AS place, theme_id, label, definition FROM themes


-- name: order_actors
-- Organisations and people that are named or speak, by the place that mentions and quotations refer to.
CREATE OR REPLACE TEMP TABLE page_actors AS
WITH roles AS (
    SELECT actor_id, mode(role) AS usual_role FROM actor_mentions SEMI JOIN page_articles USING (article_id) GROUP BY actor_id
),
known AS (
    SELECT organisation_id AS actor_id, name, kind FROM organisations
    UNION ALL
    SELECT person_id, name, 'person' FROM people
)
SELECT
    (row_number() OVER (ORDER BY known.actor_id) - 1)::INTEGER AS place,
    known.actor_id,
    known.name,
    known.kind,  -- person, or the kind of the organisation
    roles.usual_role  -- null for organisations
FROM known
LEFT JOIN roles USING (actor_id)
WHERE
    known.actor_id IN (SELECT actor_id FROM roles)
    OR known.actor_id IN (SELECT speaker_id FROM quotations SEMI JOIN page_articles USING (article_id))


-- name: articles
-- What the page knows of every article at once.
SELECT * FROM page_articles ORDER BY place


-- name: themes
-- The themes with their names and definitions.
SELECT theme_id, label, definition FROM page_themes ORDER BY place


-- name: actors
-- Organisations and people: name, what they are, and the role in which people are named most often.
SELECT name, kind, usual_role FROM page_actors ORDER BY place


-- name: mentions
-- Every theme of a paragraph, in the order in which `whole_articles` has them.
SELECT
    a.place,
    least(m.paragraph_no, 65535) AS paragraph,
    t.place AS theme,
    coalesce(list_position(['problem', 'proposal', 'context', 'benefit'], m.framing), 3) - 1 AS framing,
    least(round(m.score * 12), 255)::INTEGER AS score  -- to rank by
FROM theme_mentions AS m
JOIN page_articles AS a USING (article_id)
JOIN page_themes AS t USING (theme_id)
ORDER BY a.place, m.paragraph_no, t.place


-- name: figures
-- Every figure, in the order in which `whole_articles` has them, with how much is known of it.
SELECT
    a.place,
    least(f.paragraph_no, 65535) AS paragraph,
    (f.measure IS NOT NULL)::INTEGER + 2 * (f.period_start IS NOT NULL OR f.period_end IS NOT NULL)::INTEGER
    + (f.attribution IS NOT NULL)::INTEGER + (f.change IS NOT NULL)::INTEGER
    + (f.change_from IS NOT NULL)::INTEGER + (f.kind IN ('money', 'percent', 'rate'))::INTEGER AS known
FROM figures AS f
JOIN page_articles AS a USING (article_id)
ORDER BY a.place, f.paragraph_no, f.char_start, f.figure_id


-- name: names
-- Every naming of an organisation or person.
SELECT a.place, least(m.paragraph_no, 65535) AS paragraph, who.place AS actor
FROM actor_mentions AS m
JOIN page_articles AS a USING (article_id)
JOIN page_actors AS who USING (actor_id)
ORDER BY a.place, m.paragraph_no, m.char_start, who.place


-- name: quotes
-- Every quotation, in the order in which `whole_articles` has them, with who speaks, -1 where nobody is named.
SELECT a.place, least(q.paragraph_no, 65535) AS paragraph, coalesce(who.place, -1) AS speaker, q.direct::INTEGER AS direct
FROM quotations AS q
JOIN page_articles AS a USING (article_id)
LEFT JOIN page_actors AS who ON who.actor_id = q.speaker_id
ORDER BY a.place, q.paragraph_no, q.char_start, q.quotation_id


-- name: citations
-- Who is cited where, as what kind of source and for how many figures.
SELECT a.place, c.paragraph_no, coalesce(c.cited, c.linked_publisher) AS cited, c.what, c.figures
FROM v_citations AS c
JOIN page_articles AS a USING (article_id)
WHERE c.cited IS NOT NULL OR (c.linked_publisher IS DISTINCT FROM c.publisher AND c.linked_publisher IS NOT NULL)
ORDER BY a.place, c.paragraph_no, c.char_start, c.citation_id


-- name: series
-- Statements on subjects that are stated for several times, newest article first. Only what is the same thing may stand in
-- a row: of a period that begins and ends, no bounds, of the same whole; $most statements of the fullest subjects at most.
-- Whether it is in `v_figure_series` is asked by that view's own condition, without its window over all columns: what is
-- stated for several times here is so there.
WITH stated AS MATERIALIZED (
    SELECT article_id, figure_id, paragraph_no, subject, kind, unit, base, period_start, period_end, value, qualifier, surface
    FROM v_comparable_figures
    WHERE
        period_start IS NOT NULL AND period_end IS NOT NULL AND period_end - period_start <= 400
        AND qualifier IN ('exact', 'about') AND kind <> 'multiple' AND NOT starts_with(subject, 'growth of')
),
together AS (
    SELECT subject, kind, unit, base FROM stated GROUP BY ALL HAVING min(period_end) < max(period_end)
),
newest AS (
    SELECT a.place, s.subject, s.figure_id
    FROM stated AS s
    JOIN page_articles AS a USING (article_id)
    JOIN together AS t
        ON t.subject = s.subject
        AND t.kind = s.kind
        AND t.unit IS NOT DISTINCT FROM s.unit
        AND t.base IS NOT DISTINCT FROM s.base
    ORDER BY a.place, s.subject, s.figure_id
    LIMIT $most
)
SELECT
    newest.place,
    s.paragraph_no,
    s.subject,
    s.kind,
    s.unit,
    s.base AS whole,
    s.period_start::VARCHAR AS period_start,
    s.period_end::VARCHAR AS period_end,
    s.value,
    s.qualifier,
    s.surface
FROM stated AS s
JOIN newest USING (figure_id)
ORDER BY newest.place, s.subject, s.figure_id


-- name: conflicts
-- Subjects on which figures of the same period cannot all be right, $most at most: of each the pair furthest apart.
WITH pairs AS MATERIALIZED (
    SELECT * FROM v_conflicting_pairs
),
most AS (
    SELECT subject, kind, unit, period_start, period_end, max(ratio) AS ratio FROM pairs GROUP BY ALL
),
furthest AS (
    SELECT p.*
    FROM pairs AS p
    JOIN most AS m
        ON m.ratio IS NOT DISTINCT FROM p.ratio
        AND m.subject = p.subject
        AND m.kind = p.kind
        AND m.unit IS NOT DISTINCT FROM p.unit
        AND m.period_start = p.period_start
        AND m.period_end = p.period_end
    QUALIFY row_number() OVER (
        PARTITION BY p.subject, p.kind, p.unit, p.period_start, p.period_end ORDER BY p.figure_a, p.figure_b
    ) = 1
    ORDER BY p.ratio DESC NULLS LAST, p.subject, p.figure_a
    LIMIT $most
)
SELECT
    x.place AS place_a,
    a.paragraph_no AS paragraph_a,
    a.value AS value_a,
    a.surface AS surface_a,
    a.qualifier AS qualifier_a,
    y.place AS place_b,
    b.paragraph_no AS paragraph_b,
    b.value AS value_b,
    b.surface AS surface_b,
    b.qualifier AS qualifier_b,
    c.subject,
    c.kind,
    c.unit,
    c.period_start::VARCHAR AS period_start,
    c.period_end::VARCHAR AS period_end
FROM furthest AS c
JOIN figures AS a ON a.figure_id = c.figure_a
JOIN figures AS b ON b.figure_id = c.figure_b
JOIN page_articles AS x ON x.article_id = a.article_id
JOIN page_articles AS y ON y.article_id = b.article_id
ORDER BY c.ratio DESC NULLS LAST, c.subject, c.figure_a


-- name: block_contents
-- Of each block of $shard articles a hash of all that `whole_articles` makes it of: whatever differs, the block is another.
WITH quoted AS (
    SELECT q.article_id, string_agg(concat_ws('/', who.name, o.name), '|' ORDER BY q.quotation_id) AS names
    FROM quotations AS q SEMI JOIN page_articles USING (article_id)
    LEFT JOIN page_actors AS who ON who.actor_id = q.speaker_id
    LEFT JOIN organisations AS o ON o.organisation_id = q.speaks_for
    GROUP BY q.article_id
),
copied AS (
    SELECT duplicate_of AS article_id, string_agg(url, '|' ORDER BY url) AS copies
    FROM articles
    WHERE duplicate_of IS NOT NULL
    GROUP BY duplicate_of
)
SELECT
    c.home // $shard AS block,
    md5(string_agg(
        to_json([c.article_id, a.content_hash, a.findings_hash, a.url, a.language, a.word_count::VARCHAR, quoted.names,
            copied.copies])::VARCHAR,
        ',' ORDER BY c.home
    )) AS content
FROM page_articles AS c
JOIN articles AS a USING (article_id)
LEFT JOIN quoted USING (article_id)
LEFT JOIN copied USING (article_id)
GROUP BY block
ORDER BY block


-- name: whole_articles
-- The articles of some $blocks of $shard with all that is found in them, each as JSON, in the order of their homes; rows are
-- arrays, to be short: paragraphs [number, kind, text], mentions [paragraph, theme, framing, start, end, sentence start, sentence end],
-- figures [paragraph, start, end, sentence start, sentence end, kind, value, unit, qualifier, first day, last day, measure,
-- change, changed from, attribution], quotes [paragraph, start, end, speaker, speaks for]. Lists are joined as text: as values of JSON they would be read and written again at each level.
WITH chosen AS (
    SELECT home, article_id FROM page_articles
    WHERE home // $shard IN (SELECT unnest($blocks::INTEGER[]))
),
written AS (
    SELECT
        article_id,
        string_agg(json_array(paragraph_no, kind, text)::VARCHAR, ',' ORDER BY paragraph_no) AS paragraphs
    FROM paragraphs SEMI JOIN chosen USING (article_id)
    GROUP BY article_id
),
spoken AS (
    SELECT
        m.article_id,
        string_agg(
            format(
                '[{},{},{},{},{},{},{}]', m.paragraph_no, t.place,
                coalesce(list_position(['problem', 'proposal', 'context', 'benefit'], m.framing), 3) - 1,
                m.char_start, m.char_end, m.sentence_start, m.sentence_end
            ),
            ',' ORDER BY m.paragraph_no, t.place
        ) AS mentions
    FROM theme_mentions AS m SEMI JOIN chosen USING (article_id)
    JOIN page_themes AS t USING (theme_id)
    GROUP BY m.article_id
),
stated AS (
    SELECT
        f.article_id,
        string_agg(
            json_array(
                f.paragraph_no, f.char_start, f.char_end, f.sentence_start, f.sentence_end, f.kind,
                CASE WHEN isfinite(f.value) THEN f.value END, f.unit, f.qualifier, f.period_start::VARCHAR,
                f.period_end::VARCHAR, f.measure, f.change, earlier.surface, f.attribution
            )::VARCHAR,
            ',' ORDER BY f.paragraph_no, f.char_start, f.figure_id
        ) AS figures
    FROM figures AS f SEMI JOIN chosen USING (article_id)
    LEFT JOIN (SELECT figure_id, surface FROM figures SEMI JOIN chosen USING (article_id)) AS earlier
        ON earlier.figure_id = f.change_from
    GROUP BY f.article_id
),
quoted AS (
    SELECT
        q.article_id,
        string_agg(
            json_array(q.paragraph_no, q.char_start, q.char_end, who.name, o.name)::VARCHAR,
            ',' ORDER BY q.paragraph_no, q.char_start, q.quotation_id
        ) AS quotes
    FROM quotations AS q SEMI JOIN chosen USING (article_id)
    LEFT JOIN page_actors AS who ON who.actor_id = q.speaker_id
    LEFT JOIN organisations AS o ON o.organisation_id = q.speaks_for
    GROUP BY q.article_id
),
copied AS (
    SELECT duplicate_of AS article_id, list(url ORDER BY url)[:20] AS copies
    FROM articles
    WHERE duplicate_of IN (SELECT article_id FROM chosen)
    GROUP BY duplicate_of
)
SELECT
    concat(
        rtrim(to_json({
            'id': c.article_id, 'title': a.title, 'url': a.url, 'authors': coalesce(a.authors, []),
            'language': a.language, 'words': coalesce(a.word_count, 0), 'copies': coalesce(copied.copies, [])
        })::VARCHAR, '}'),
        ',"paragraphs":[', written.paragraphs, '],"mentions":[', spoken.mentions, '],"figures":[', stated.figures,
        '],"quotes":[', quoted.quotes, ']}'
    ) AS json
FROM chosen AS c
JOIN articles AS a USING (article_id)
LEFT JOIN written USING (article_id)
LEFT JOIN spoken USING (article_id)
LEFT JOIN stated USING (article_id)
LEFT JOIN quoted USING (article_id)
LEFT JOIN copied USING (article_id)
ORDER BY c.home


-- name: units
-- The units of what series and conflicts compare.
SELECT DISTINCT unit FROM v_comparable_figures WHERE unit IS NOT NULL ORDER BY unit
