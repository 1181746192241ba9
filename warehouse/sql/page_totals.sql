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
