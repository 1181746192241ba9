CREATE VIEW v_figure_conflicts AS
-- What a statement admits: an open bound for "over" and "up to", a twentieth either way for "about", a hundredth for
-- rounding of what is exact. Two statements on one subject and period conflict where they admit no common value. Each that
-- conflicts with any is put beside the lowest or the highest statement of its subject and period, so that there are no more
-- rows than statements.
WITH stated AS (
    SELECT
        subject, kind, unit, period_start, period_end, figure_id, statement,
        CASE qualifier
            WHEN 'at_most' THEN '-infinity'::DOUBLE
            WHEN 'about' THEN low - 0.05 * abs(low)
            WHEN 'at_least' THEN low
            ELSE low - 0.01 * abs(low)
        END AS admits_from,
        CASE qualifier
            WHEN 'at_least' THEN 'infinity'::DOUBLE
            WHEN 'about' THEN high + 0.05 * abs(high)
            WHEN 'at_most' THEN high
            ELSE high + 0.01 * abs(high)
        END AS admits_to
    FROM (
        SELECT
            *,
            coalesce(value_low, value) AS low,
            coalesce(value_high, value) AS high,
            {
                'figure_id': figure_id, 'article_id': article_id, 'paragraph_no': paragraph_no,
                'change_from': change_from, 'measure': measure, 'value': value, 'surface': surface,
                'attribution': attribution, 'publisher': publisher, 'url': url, 'published_on': published_on,
                'base': base, 'qualifier': qualifier
            } AS statement
        FROM v_comparable_figures
    )
    WHERE period_start IS NOT NULL AND period_end IS NOT NULL AND NOT starts_with(subject, 'growth of')
),
apart AS (
    SELECT
        subject, kind, unit, period_start, period_end,
        min(admits_to) AS lowest_to,
        max(admits_from) AS highest_from,
        arg_min(statement, {'bound': admits_to, 'figure_id': figure_id}) AS lowest,
        arg_max(statement, {'bound': admits_from, 'figure_id': figure_id}) AS highest
    FROM stated
    GROUP BY ALL
    HAVING lowest_to < highest_from
),
paired AS (
    SELECT
        one.*,
        CASE
            WHEN one.admits_to < apart.highest_from THEN apart.highest
            WHEN one.admits_from > apart.lowest_to THEN apart.lowest
        END AS other
    FROM stated AS one
    JOIN apart
        ON apart.subject = one.subject
        AND apart.kind = one.kind
        AND apart.unit IS NOT DISTINCT FROM one.unit
        AND apart.period_start = one.period_start
        AND apart.period_end = one.period_end
    WHERE one.figure_id <> apart.highest.figure_id
)
SELECT
    subject,
    kind,
    unit,
    period_start,
    period_end,
    statement.measure AS measure_a,
    other.measure AS measure_b,
    statement.value AS value_a,
    other.value AS value_b,
    round(greatest(statement.value, other.value) / nullif(least(statement.value, other.value), 0), 2) AS ratio,
    statement.surface AS surface_a,
    other.surface AS surface_b,
    statement.publisher AS publisher_a,
    other.publisher AS publisher_b,
    statement.attribution AS attribution_a,
    other.attribution AS attribution_b,
    statement.url AS url_a,
    other.url AS url_b,
    statement.figure_id AS figure_a,
    other.figure_id AS figure_b,
    CASE
        WHEN abs(statement.value - other.value) <= 0.06 * abs(greatest(statement.value, other.value)) THEN 'rounding'
        WHEN statement.base IS DISTINCT FROM other.base THEN 'other definition'
        WHEN abs(date_diff('day', statement.published_on, other.published_on)) > 365 THEN 'later estimate'
    END AS may_be
FROM paired
WHERE
    (statement.article_id <> other.article_id OR statement.paragraph_no <> other.paragraph_no)
    AND statement.change_from IS DISTINCT FROM other.figure_id AND other.change_from IS DISTINCT FROM statement.figure_id
    -- What differs tenfold is not the same thing measured twice.
    AND greatest(abs(statement.value), abs(other.value)) <= 10 * least(abs(statement.value), abs(other.value))
ORDER BY ratio DESC NULLS LAST, subject, figure_a;

COMMENT ON VIEW v_figure_conflicts IS 'Figures on one subject and period that differ, each beside the one furthest from it; near-duplicates left out.';
COMMENT ON COLUMN v_figure_conflicts.subject IS 'What both figures are about.';
COMMENT ON COLUMN v_figure_conflicts.kind IS 'Kind of both figures.';
COMMENT ON COLUMN v_figure_conflicts.unit IS 'Unit of both figures.';
COMMENT ON COLUMN v_figure_conflicts.period_start IS 'First day of the time that both are about.';
COMMENT ON COLUMN v_figure_conflicts.period_end IS 'Last day of that time.';
COMMENT ON COLUMN v_figure_conflicts.measure_a IS 'Measure of the one, in the words of its text.';
COMMENT ON COLUMN v_figure_conflicts.measure_b IS 'Measure of the other.';
COMMENT ON COLUMN v_figure_conflicts.value_a IS 'Value of the one, in whole units.';
COMMENT ON COLUMN v_figure_conflicts.value_b IS 'Value of the other.';
COMMENT ON COLUMN v_figure_conflicts.ratio IS 'The larger value divided by the smaller.';
COMMENT ON COLUMN v_figure_conflicts.surface_a IS 'The one in the words of its text.';
COMMENT ON COLUMN v_figure_conflicts.surface_b IS 'The other in the words of its text.';
COMMENT ON COLUMN v_figure_conflicts.publisher_a IS 'Who published the one.';
COMMENT ON COLUMN v_figure_conflicts.publisher_b IS 'Who published the other.';
COMMENT ON COLUMN v_figure_conflicts.attribution_a IS 'Who states the one, where the text says.';
COMMENT ON COLUMN v_figure_conflicts.attribution_b IS 'Who states the other.';
COMMENT ON COLUMN v_figure_conflicts.url_a IS 'Address of the article of the one.';
COMMENT ON COLUMN v_figure_conflicts.url_b IS 'Address of the article of the other.';
COMMENT ON COLUMN v_figure_conflicts.figure_a IS 'The one.';
COMMENT ON COLUMN v_figure_conflicts.figure_b IS 'The other.';
COMMENT ON COLUMN v_figure_conflicts.may_be IS 'Why they may differ and both be right: rounding, other definition, later estimate; null where neither shows.';
