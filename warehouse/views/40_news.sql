CREATE VIEW v_emerging_terms AS
SELECT
    t.term,
    t.recent_count,
    t.earlier_count,
    round(t.score, 2) AS score,
    p.text AS example,
    a.title,
    a.publisher,
    readable_date(a.published_on, a.published_precision) AS published,
    a.published_on,
    a.url,
    a.duplicate_of IS NOT NULL AS is_copy
FROM emerging_terms AS t
JOIN paragraphs AS p USING (article_id, paragraph_no)
JOIN articles AS a USING (article_id)
ORDER BY t.score DESC, t.term;

COMMENT ON VIEW v_emerging_terms IS 'Terms that rise in recent articles and belong to no theme yet, strongest first, with an example each.';
COMMENT ON COLUMN v_emerging_terms.term IS 'The term.';
COMMENT ON COLUMN v_emerging_terms.recent_count IS 'Recent articles that use it.';
COMMENT ON COLUMN v_emerging_terms.earlier_count IS 'Earlier articles that use it.';
COMMENT ON COLUMN v_emerging_terms.score IS 'How strongly it rises.';
COMMENT ON COLUMN v_emerging_terms.example IS 'A paragraph that uses it.';
COMMENT ON COLUMN v_emerging_terms.title IS 'Title of the example.';
COMMENT ON COLUMN v_emerging_terms.publisher IS 'Publisher of the example.';
COMMENT ON COLUMN v_emerging_terms.published IS 'Date of the example as exactly as it is known: 2019, 2019-03 or 2019-03-04.';
COMMENT ON COLUMN v_emerging_terms.published_on IS 'Date of the example; the first day of the year or month where no more is known.';
COMMENT ON COLUMN v_emerging_terms.is_copy IS 'Whether the article of the example nearly repeats an earlier one.';
COMMENT ON COLUMN v_emerging_terms.url IS 'Address of the example.';

CREATE VIEW v_new_articles AS
WITH top_themes AS (
    SELECT
        article_id,
        list(label ORDER BY paragraphs DESC, label)[:3] AS themes
    FROM (
        SELECT m.article_id, t.label, count(*) AS paragraphs
        FROM theme_mentions AS m
        JOIN themes AS t USING (theme_id)
        GROUP BY m.article_id, t.label
    )
    GROUP BY article_id
),
counted AS (
    SELECT article_id, count(*) AS figures FROM figures GROUP BY article_id
)
SELECT
    a.first_seen_at,
    readable_date(a.published_on, a.published_precision) AS published,
    a.publisher,
    a.title,
    coalesce(top_themes.themes, []) AS top_themes,
    coalesce(counted.figures, 0) AS figures,
    a.word_count,
    round(a.relevance, 2) AS relevance,
    a.version,
    a.duplicate_of IS NOT NULL AS is_copy,
    a.duplicate_of,
    a.url,
    a.published_on,
    a.source_id,
    a.article_id
FROM articles AS a
LEFT JOIN top_themes USING (article_id)
LEFT JOIN counted USING (article_id)
ORDER BY a.first_seen_at DESC, a.published_on DESC NULLS LAST, a.article_id;

COMMENT ON VIEW v_new_articles IS 'Articles with their top themes and number of figures, latest come in first.';
COMMENT ON COLUMN v_new_articles.first_seen_at IS 'When the article came in.';
COMMENT ON COLUMN v_new_articles.published IS 'Date of the article as exactly as it is known: 2019, 2019-03 or 2019-03-04.';
COMMENT ON COLUMN v_new_articles.publisher IS 'Its publisher.';
COMMENT ON COLUMN v_new_articles.title IS 'Its title.';
COMMENT ON COLUMN v_new_articles.top_themes IS 'The up to three themes that most of its paragraphs speak of.';
COMMENT ON COLUMN v_new_articles.figures IS 'Number of its figures.';
COMMENT ON COLUMN v_new_articles.word_count IS 'Its length in words.';
COMMENT ON COLUMN v_new_articles.relevance IS 'How much it is commentary on NHS and independent-sector partnership, 0 to 1.';
COMMENT ON COLUMN v_new_articles.version IS 'Its version; above 1 if it was edited.';
COMMENT ON COLUMN v_new_articles.is_copy IS 'Whether the article nearly repeats an earlier one; counts leave such articles out.';
COMMENT ON COLUMN v_new_articles.duplicate_of IS 'The earlier article that it nearly repeats.';
COMMENT ON COLUMN v_new_articles.url IS 'Its address.';
COMMENT ON COLUMN v_new_articles.published_on IS 'Date of the article; the first day of the year or month where no more is known.';
COMMENT ON COLUMN v_new_articles.source_id IS 'Source that it was found at.';
COMMENT ON COLUMN v_new_articles.article_id IS 'The article.';

CREATE MACRO new_articles(since) AS TABLE
    SELECT * FROM v_new_articles WHERE first_seen_at >= since::TIMESTAMPTZ;
COMMENT ON MACRO TABLE new_articles IS 'Articles that came in since a date: SELECT * FROM new_articles(DATE ''2026-01-31'').';

CREATE VIEW v_sources_health AS
WITH loaded AS (
    SELECT source_id, count(*) AS articles, max(first_seen_at) AS last_article_at FROM articles GROUP BY source_id
),
led_to AS (
    SELECT
        source_id,
        count(*) AS candidates,
        count(*) FILTER (status = 'new') AS waiting,
        count(*) FILTER (status = 'not_similar') AS not_similar,
        count(*) FILTER (status IN ('failed', 'gone', 'disallowed')) AS not_fetched
    FROM candidates
    GROUP BY source_id
),
watched AS (
    SELECT
        source_id,
        count(*) FILTER (NOT retired) AS endpoints,
        count(*) FILTER (NOT retired AND failures > 0) AS failing_endpoints,
        max(checked_at) AS last_checked_at,
        min(next_check_at) FILTER (NOT retired) AS next_check_at
    FROM endpoints
    GROUP BY source_id
)
SELECT
    s.source_id,
    s.name,
    s.sector,
    s.enabled,
    coalesce(s.status, CASE WHEN s.kind IN ('seeds', 'set') THEN 'ok' ELSE 'new' END) AS status,
    s.detail,
    s.last_ok_at,
    coalesce(s.failures, 0) AS failures,
    coalesce(watched.endpoints, 0) AS endpoints,
    coalesce(watched.failing_endpoints, 0) AS failing_endpoints,
    watched.last_checked_at,
    watched.next_check_at,
    coalesce(led_to.candidates, 0) AS candidates,
    coalesce(led_to.waiting, 0) AS waiting,
    coalesce(led_to.not_similar, 0) AS not_similar,
    coalesce(led_to.not_fetched, 0) AS not_fetched,
    coalesce(loaded.articles, 0) AS articles,
    loaded.last_article_at
FROM sources AS s
LEFT JOIN loaded USING (source_id)
LEFT JOIN led_to USING (source_id)
LEFT JOIN watched USING (source_id)
ORDER BY s.enabled DESC, s.source_id;

COMMENT ON VIEW v_sources_health IS 'How each source fares and what it yielded.';
COMMENT ON COLUMN v_sources_health.source_id IS 'The source.';
COMMENT ON COLUMN v_sources_health.name IS 'Its name.';
COMMENT ON COLUMN v_sources_health.sector IS 'What the publisher is.';
COMMENT ON COLUMN v_sources_health.enabled IS 'Whether it is watched at present.';
COMMENT ON COLUMN v_sources_health.status IS 'How its last check went: new, ok, unreachable, forbidden or nothing_found.';
COMMENT ON COLUMN v_sources_health.detail IS 'What was found or what failed.';
COMMENT ON COLUMN v_sources_health.last_ok_at IS 'When it last answered well.';
COMMENT ON COLUMN v_sources_health.failures IS 'Failed checks since then.';
COMMENT ON COLUMN v_sources_health.endpoints IS 'Feeds, sitemaps and listings that are asked.';
COMMENT ON COLUMN v_sources_health.failing_endpoints IS 'Those of them that failed when last asked.';
COMMENT ON COLUMN v_sources_health.last_checked_at IS 'When one of them was last asked.';
COMMENT ON COLUMN v_sources_health.next_check_at IS 'When the next one is due.';
COMMENT ON COLUMN v_sources_health.candidates IS 'Addresses that it led to.';
COMMENT ON COLUMN v_sources_health.waiting IS 'Those not yet fetched.';
COMMENT ON COLUMN v_sources_health.not_similar IS 'Those that were read and left out.';
COMMENT ON COLUMN v_sources_health.not_fetched IS 'Those that failed, are gone or are disallowed.';
COMMENT ON COLUMN v_sources_health.articles IS 'Articles in the warehouse.';
COMMENT ON COLUMN v_sources_health.last_article_at IS 'When the last of them came in.';

CREATE VIEW v_version_changes AS
SELECT
    v.seen_at,
    a.publisher,
    coalesce(a.title, v.title) AS title,
    v.version,
    c.kind,
    c.change,
    c.subject,
    c.before,
    c.after,
    a.url,
    a.duplicate_of IS NOT NULL AS is_copy,
    v.article_id
FROM article_versions AS v
JOIN articles AS a USING (article_id)
LEFT JOIN version_changes AS c ON c.article_id = v.article_id AND c.version = v.version
WHERE v.version > 1
ORDER BY v.seen_at DESC, v.article_id, v.version, c.change_no;

COMMENT ON VIEW v_version_changes IS 'What each edit of an article changed in its figures and themes; one row with nulls where it changed neither.';
COMMENT ON COLUMN v_version_changes.seen_at IS 'When the edit was noticed.';
COMMENT ON COLUMN v_version_changes.publisher IS 'Publisher of the article.';
COMMENT ON COLUMN v_version_changes.title IS 'Title of the article.';
COMMENT ON COLUMN v_version_changes.version IS 'The version that the edit made.';
COMMENT ON COLUMN v_version_changes.kind IS 'figure or theme.';
COMMENT ON COLUMN v_version_changes.change IS 'added, removed or changed.';
COMMENT ON COLUMN v_version_changes.subject IS 'What changed: the measure or words of a figure, or the theme.';
COMMENT ON COLUMN v_version_changes.before IS 'How it was.';
COMMENT ON COLUMN v_version_changes.after IS 'How it is.';
COMMENT ON COLUMN v_version_changes.url IS 'Address of the article.';
COMMENT ON COLUMN v_version_changes.is_copy IS 'Whether the article nearly repeats an earlier one; counts leave such articles out.';
COMMENT ON COLUMN v_version_changes.article_id IS 'The article.';
