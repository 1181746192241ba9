-- name: totals
-- How much the snapshot holds, in one row; near-duplicate articles are counted apart.
WITH originals AS (
    SELECT article_id, publisher, published_on, first_seen_at FROM articles WHERE duplicate_of IS NULL
)
SELECT
    (SELECT count(*) FROM originals) AS articles,
    (SELECT count(*) FROM articles WHERE duplicate_of IS NOT NULL) AS near_duplicates,  -- articles left out everywhere
    (SELECT count(DISTINCT publisher) FROM originals) AS publishers,
    (SELECT count(*) FROM originals WHERE published_on IS NULL) AS undated,  -- articles without a date
    (SELECT min(published_on) FROM originals) AS first_published_on,  -- null where no article has a date
    (SELECT max(published_on) FROM originals) AS last_published_on,
    (SELECT count(*) FROM originals WHERE first_seen_at >= $week_ago) AS new_articles,  -- came in since then
    (SELECT count(*) FROM paragraphs SEMI JOIN originals USING (article_id)) AS paragraphs,
    (SELECT count(*) FROM theme_mentions SEMI JOIN originals USING (article_id)) AS mentions,
    (SELECT count(*) FROM figures SEMI JOIN originals USING (article_id)) AS figures,
    (SELECT count(*) FROM (SELECT DISTINCT subject, kind, unit FROM v_figure_series)) AS series,
    (
        SELECT count(*) FROM (SELECT DISTINCT subject, kind, unit, period_start, period_end FROM v_figure_conflicts)
    ) AS conflicts,  -- subjects, each of one period, on which figures cannot all be right
    (SELECT count(*) FROM sources) AS sources,
    (SELECT count(*) FROM failures) AS failures,  -- items that failed and have not succeeded since
    (SELECT max(content_version) FROM snapshot) AS content_version,  -- null in a file that was never published
    (SELECT max(published_at) FROM snapshot) AS published_at


-- name: themes
-- Every theme with how much is said of it and how, most spoken of first; near-duplicate articles are left out.
WITH originals AS (
    SELECT count(*) AS articles FROM articles WHERE duplicate_of IS NULL
),
shares AS (
    SELECT theme_id, sum(share_of_paragraphs) AS shares
    FROM v_article_themes
    SEMI JOIN (SELECT article_id FROM articles WHERE duplicate_of IS NULL) USING (article_id)
    GROUP BY theme_id
)
SELECT
    c.theme_id,
    c.label,
    t.definition,
    c.paragraphs,  -- paragraphs that speak of it
    c.articles,  -- articles that do
    c.problems,  -- of the paragraphs, by framing
    c.benefits,
    c.proposals,
    c.contexts,
    coalesce(shares.shares / nullif(originals.articles, 0), 0) AS attention  -- mean share of an article's paragraphs, 0 to 1
FROM v_theme_counts AS c
JOIN themes AS t USING (theme_id)
LEFT JOIN shares USING (theme_id)
CROSS JOIN originals
ORDER BY attention DESC, c.paragraphs DESC, c.theme_id


-- name: theme_years
-- Themes by year of publication, each article counted alike however long it is; undated articles are left out.
WITH years AS (
    SELECT year(published_on) AS year, count(*) AS articles
    FROM articles
    WHERE duplicate_of IS NULL AND published_on IS NOT NULL
    GROUP BY year
),
shares AS (
    SELECT year(v.published_on) AS year, v.theme_id, sum(v.share_of_paragraphs) AS shares
    FROM v_article_themes AS v
    JOIN articles AS a USING (article_id)
    WHERE a.duplicate_of IS NULL AND v.published_on IS NOT NULL
    GROUP BY ALL
)
SELECT
    years.year,
    t.theme_id,
    years.articles,  -- all articles of that year, whatever their themes
    coalesce(shares.shares, 0) / years.articles AS attention  -- mean share of an article's paragraphs, 0 to 1
FROM years
CROSS JOIN themes AS t
LEFT JOIN shares ON shares.year = years.year AND shares.theme_id = t.theme_id
ORDER BY years.year, t.theme_id


-- name: publisher_themes
-- Themes by publisher, for the $publishers publishers with most articles; unknown publishers are left out.
WITH largest AS (
    SELECT publisher, count(*) AS articles
    FROM articles
    WHERE duplicate_of IS NULL AND publisher IS NOT NULL
    GROUP BY publisher
    ORDER BY articles DESC, publisher
    LIMIT $publishers
),
shares AS (
    SELECT v.publisher, v.theme_id, sum(v.share_of_paragraphs) AS shares
    FROM v_article_themes AS v
    JOIN articles AS a USING (article_id)
    WHERE a.duplicate_of IS NULL
    GROUP BY ALL
)
SELECT
    largest.publisher,
    t.theme_id,
    largest.articles,  -- all articles of the publisher, whatever their themes
    coalesce(shares.shares, 0) / largest.articles AS attention  -- mean share of an article's paragraphs, 0 to 1
FROM largest
CROSS JOIN themes AS t
LEFT JOIN shares ON shares.publisher = largest.publisher AND shares.theme_id = t.theme_id
ORDER BY largest.articles DESC, largest.publisher, t.theme_id


-- name: figures
-- The most telling figures: those of which most is known (what, when, whose, from where), newest article first, one a
-- sentence, at most three an article, $figures in all; near-duplicate articles are left out.
WITH weighed AS (
    SELECT
        f.*,
        (f.measure IS NOT NULL)::INTEGER + 2 * (f.period_start IS NOT NULL OR f.period_end IS NOT NULL)::INTEGER
        + (f.attribution IS NOT NULL)::INTEGER + (f.change IS NOT NULL)::INTEGER
        + (f.change_from IS NOT NULL)::INTEGER + (f.kind IN ('money', 'percent', 'rate'))::INTEGER AS known,
        a.title, a.publisher, a.published_on, a.published_precision, a.url, a.language
    FROM figures AS f
    JOIN articles AS a USING (article_id)
    WHERE a.duplicate_of IS NULL
    QUALIFY row_number() OVER (
        PARTITION BY f.article_id, f.paragraph_no, f.sentence_start ORDER BY known DESC, f.char_start
    ) = 1
),
chosen AS (
    SELECT * FROM weighed
    QUALIFY row_number() OVER (PARTITION BY article_id ORDER BY known DESC, paragraph_no, char_start) <= 3
    ORDER BY known DESC, published_on DESC NULLS LAST, figure_id
    LIMIT $figures
)
SELECT
    c.*,  -- all columns of the figure and of its article, of which `FigureRow` takes those that the page shows
    earlier.surface AS changed_from,  -- the figure that it moved from, in the words of the text
    substr(p.text, c.sentence_start + 1, c.sentence_end - c.sentence_start) AS sentence,
    c.char_start - c.sentence_start AS mark_start,  -- where the figure starts in that sentence, from 0
    c.char_end - c.sentence_start AS mark_end  -- where it ends, exclusive
FROM chosen AS c
JOIN paragraphs AS p USING (article_id, paragraph_no)
LEFT JOIN figures AS earlier ON earlier.figure_id = c.change_from
ORDER BY c.known DESC, c.published_on DESC NULLS LAST, c.figure_id


-- name: series
-- One subject at different times: the $series series that cover most periods, of each its $points latest periods, and
-- of each period the statement of the newest article.
WITH one_a_period AS (
    SELECT *, coalesce(period_end, period_start) AS at_date
    FROM v_figure_series
    QUALIFY row_number() OVER (
        PARTITION BY subject, kind, unit, period_start, period_end ORDER BY published_on DESC NULLS LAST, figure_id
    ) = 1
),
ranked AS (
    SELECT
        *,
        count(*) OVER (PARTITION BY subject, kind, unit) AS periods,
        row_number() OVER (PARTITION BY subject, kind, unit ORDER BY at_date DESC, period_start DESC, figure_id) AS latest
    FROM one_a_period
),
best AS (
    SELECT subject, kind, unit
    FROM ranked
    GROUP BY subject, kind, unit, periods
    ORDER BY periods DESC, subject, kind, unit
    LIMIT $series
)
SELECT
    ranked.subject,  -- by which points belong together
    ranked.kind,
    ranked.unit,
    ranked.period_start,
    ranked.period_end,
    ranked.value,
    ranked.qualifier,
    ranked.title,
    ranked.publisher,
    ranked.published_on,
    ranked.url
FROM ranked
JOIN best ON best.subject = ranked.subject AND best.kind = ranked.kind AND best.unit IS NOT DISTINCT FROM ranked.unit
WHERE ranked.latest <= $points
ORDER BY
    ranked.periods DESC, ranked.subject, ranked.kind, ranked.unit, ranked.at_date, ranked.period_start, ranked.figure_id


-- name: conflicts
-- Subjects on which figures of the same period cannot all be right, $conflicts at most: of each the pair furthest apart.
WITH furthest AS (
    SELECT * FROM v_figure_conflicts
    QUALIFY row_number() OVER (
        PARTITION BY subject, kind, unit, period_start, period_end ORDER BY ratio DESC NULLS LAST, figure_a, figure_b
    ) = 1
)
SELECT
    kind,
    unit,
    subject,
    period_start,
    period_end,
    value_a,  -- in whole units
    value_b,
    publisher_a,
    publisher_b,
    url_a,
    url_b
FROM furthest
ORDER BY ratio DESC NULLS LAST, subject, figure_a, figure_b
LIMIT $conflicts


-- name: passages
-- The best passages of each theme: the strongest evidence, one an article, at most $passages a theme.
WITH best_of_article AS (
    SELECT m.*
    FROM theme_mentions AS m
    JOIN paragraphs AS p USING (article_id, paragraph_no)
    JOIN articles AS a USING (article_id)
    WHERE a.duplicate_of IS NULL AND p.kind IN ('prose', 'quote', 'list_item')
    QUALIFY row_number() OVER (PARTITION BY m.theme_id, m.article_id ORDER BY m.score DESC, m.paragraph_no) = 1
),
chosen AS (
    SELECT * FROM best_of_article
    QUALIFY row_number() OVER (PARTITION BY theme_id ORDER BY score DESC, article_id, paragraph_no) <= $passages
)
SELECT
    c.theme_id,
    c.framing,
    substr(p.text, c.sentence_start + 1, c.sentence_end - c.sentence_start) AS sentence,
    c.char_start - c.sentence_start AS mark_start,  -- where the evidence starts in that sentence, from 0
    c.char_end - c.sentence_start AS mark_end,  -- where it ends, exclusive
    a.title,
    a.publisher,
    a.published_on,
    a.published_precision,
    a.url,
    a.language
FROM chosen AS c
JOIN paragraphs AS p USING (article_id, paragraph_no)
JOIN articles AS a USING (article_id)
ORDER BY c.theme_id, c.score DESC, c.article_id, c.paragraph_no


-- name: new_articles
-- The $articles articles that came in last.
SELECT
    n.first_seen_at,
    n.published_on,
    a.published_precision,
    n.publisher,
    n.title,
    n.top_themes,  -- names of up to three
    n.figures,  -- how many it states
    n.word_count,
    n.url,
    a.language
FROM v_new_articles AS n
JOIN articles AS a USING (article_id)
WHERE n.duplicate_of IS NULL
ORDER BY n.first_seen_at DESC, n.published_on DESC NULLS LAST, n.article_id
LIMIT $articles


-- name: edits
-- The $edits latest edits of articles, each with up to five things that it changed in figures and themes.
SELECT
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


-- name: search_articles
-- What the page's own search knows of articles: the $articles newest.
SELECT
    n.article_id,
    n.title,
    n.publisher,
    n.published_on,
    a.published_precision,
    n.top_themes,
    n.url
FROM v_new_articles AS n
JOIN articles AS a USING (article_id)
WHERE n.duplicate_of IS NULL
ORDER BY n.published_on DESC NULLS LAST, n.first_seen_at DESC, n.article_id
LIMIT $articles


-- name: search_figures
-- What the page's own search knows of figures: one a sentence, up to $each an article, $figures in all, of the $articles
-- newest articles.
WITH newest AS (
    SELECT article_id, published_on, first_seen_at
    FROM articles
    WHERE duplicate_of IS NULL
    ORDER BY published_on DESC NULLS LAST, first_seen_at DESC, article_id
    LIMIT $articles
),
weighed AS (
    SELECT
        f.*,
        newest.published_on,
        newest.first_seen_at,
        (f.period_text IS NOT NULL)::INTEGER + (f.kind IN ('money', 'percent'))::INTEGER AS telling
    FROM figures AS f
    JOIN newest USING (article_id)
    QUALIFY row_number() OVER (
        PARTITION BY f.article_id, f.paragraph_no, f.sentence_start ORDER BY telling DESC, f.char_start
    ) = 1
),
chosen AS (
    SELECT * FROM weighed
    QUALIFY row_number() OVER (PARTITION BY article_id ORDER BY telling DESC, paragraph_no, char_start) <= $each
    ORDER BY published_on DESC NULLS LAST, first_seen_at DESC, article_id, paragraph_no, char_start
    LIMIT $figures
)
SELECT
    c.article_id,
    substr(p.text, c.sentence_start + 1, c.sentence_end - c.sentence_start) AS sentence,
    c.char_start - c.sentence_start AS mark_start,  -- where the figure starts in that sentence, from 0
    c.char_end - c.sentence_start AS mark_end  -- where it ends, exclusive
FROM chosen AS c
JOIN paragraphs AS p USING (article_id, paragraph_no)
ORDER BY c.published_on DESC NULLS LAST, c.first_seen_at DESC, c.article_id, c.paragraph_no, c.char_start


-- name: search_passages
-- What the page's own search knows of passages: the strongest $each an article, $passages in all, of the $articles
-- newest articles; a sentence that bears out several themes is there once, under the strongest.
WITH newest AS (
    SELECT article_id, published_on, first_seen_at
    FROM articles
    WHERE duplicate_of IS NULL
    ORDER BY published_on DESC NULLS LAST, first_seen_at DESC, article_id
    LIMIT $articles
),
sentences AS (
    SELECT m.*, newest.published_on, newest.first_seen_at
    FROM theme_mentions AS m
    JOIN newest USING (article_id)
    QUALIFY row_number() OVER (
        PARTITION BY m.article_id, m.paragraph_no, m.sentence_start ORDER BY m.score DESC, m.theme_id
    ) = 1
),
chosen AS (
    SELECT * FROM sentences
    QUALIFY row_number() OVER (PARTITION BY article_id ORDER BY score DESC, paragraph_no, sentence_start) <= $each
    ORDER BY published_on DESC NULLS LAST, first_seen_at DESC, article_id, paragraph_no, sentence_start
    LIMIT $passages
)
SELECT
    c.article_id,
    t.label AS theme,
    c.framing,
    substr(p.text, c.sentence_start + 1, c.sentence_end - c.sentence_start) AS sentence,
    c.char_start - c.sentence_start AS mark_start,  -- where the evidence starts in that sentence, from 0
    c.char_end - c.sentence_start AS mark_end  -- where it ends, exclusive
FROM chosen AS c
JOIN paragraphs AS p USING (article_id, paragraph_no)
JOIN themes AS t USING (theme_id)
ORDER BY c.published_on DESC NULLS LAST, c.first_seen_at DESC, c.article_id, c.paragraph_no, c.sentence_start


-- name: actors
-- Organisations and people by the articles that name them, with how often they are quoted; near-duplicates are left out.
SELECT
    a.name,
    a.kind,  -- person, or the kind of the organisation
    a.usual_role,  -- null for organisations
    a.mentions,
    a.articles,
    coalesce(q.quotations, 0) AS quotations
FROM v_actors AS a
LEFT JOIN (
    SELECT speaker_id AS actor_id, count(*) AS quotations
    FROM quotations
    SEMI JOIN (SELECT article_id FROM articles WHERE duplicate_of IS NULL) USING (article_id)
    GROUP BY speaker_id
) AS q USING (actor_id)
ORDER BY a.articles DESC, quotations DESC, a.mentions DESC, a.actor_id
LIMIT $actors


-- name: said
-- The latest words of somebody who is named, in quotation marks, the longest of each speaker and article.
SELECT
    v.speaker,
    v.speaks_for,  -- the organisation named in the speaker's role
    p.text AS paragraph,
    v.char_start,
    v.char_end,
    a.title,
    a.publisher,
    a.published_on,
    a.published_precision,
    a.url,
    a.language
FROM v_quotations AS v
JOIN articles AS a USING (article_id)
JOIN paragraphs AS p USING (article_id, paragraph_no)
WHERE v.direct AND v.speaker IS NOT NULL AND a.duplicate_of IS NULL
QUALIFY row_number() OVER (
    PARTITION BY v.article_id, v.speaker_id ORDER BY v.char_end - v.char_start DESC, v.paragraph_no
) = 1
ORDER BY a.published_on DESC NULLS LAST, v.article_id, v.paragraph_no, v.char_start
LIMIT $said


-- name: citing
-- Which publishers lean on whose sources, most often first.
SELECT citing, cited, citations, figures, sources FROM v_who_cites_whom LIMIT $citing
