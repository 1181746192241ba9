CREATE VIEW v_comparable_figures AS
SELECT
    f.subject,
    f.kind,
    -- Things that are counted go by many names: their head is the unit, and a queue's is the patient.
    CASE
        WHEN f.kind <> 'count' THEN f.unit
        WHEN starts_with(f.subject, 'waiting list') THEN 'patient'
        ELSE split_part(f.subject, ':', 1)
    END AS unit,
    f.period_start,
    f.period_end,
    f.value,
    f.value_low,
    f.value_high,
    f.qualifier,
    f.measure,
    f.surface,
    f.attribution,
    f.change_from,
    f.base,
    -- Significant digits: what is stated with many agrees by chance with nothing.
    length(regexp_replace(replace(printf('%.6f', abs(f.value)), '.', ''), '^0+|0+$', '', 'g')) AS digits,
    a.publisher,
    readable_date(a.published_on, a.published_precision) AS published,
    a.published_on,
    last_possible_day(a.published_on, a.published_precision) AS published_by,
    a.title,
    a.url,
    f.figure_id,
    f.article_id,
    f.paragraph_no
FROM figures AS f
JOIN articles AS a USING (article_id)
WHERE f.subject IS NOT NULL AND a.duplicate_of IS NULL;

COMMENT ON VIEW v_comparable_figures IS 'Figures whose subject other articles may speak of too, one subject side by side; near-duplicates left out.';
COMMENT ON COLUMN v_comparable_figures.subject IS 'What the figure is about, such as "spending: independent sector".';
COMMENT ON COLUMN v_comparable_figures.kind IS 'Kind of the figure.';
COMMENT ON COLUMN v_comparable_figures.unit IS 'Unit of the figure; of a count the one name of the things counted.';
COMMENT ON COLUMN v_comparable_figures.period_start IS 'First day of the time that the figure is about; null if open.';
COMMENT ON COLUMN v_comparable_figures.period_end IS 'Last day of that time; null if open.';
COMMENT ON COLUMN v_comparable_figures.value IS 'The value in whole units.';
COMMENT ON COLUMN v_comparable_figures.value_low IS 'Lower bound; null where open.';
COMMENT ON COLUMN v_comparable_figures.value_high IS 'Upper bound; null where open.';
COMMENT ON COLUMN v_comparable_figures.qualifier IS 'exact, about, at_least or at_most.';
COMMENT ON COLUMN v_comparable_figures.measure IS 'What the number measures, in the words of the text.';
COMMENT ON COLUMN v_comparable_figures.surface IS 'The figure in the words of the text.';
COMMENT ON COLUMN v_comparable_figures.attribution IS 'Who states it, where the text says.';
COMMENT ON COLUMN v_comparable_figures.change_from IS 'The figure that it moved from.';
COMMENT ON COLUMN v_comparable_figures.base IS 'For per cent and fractions, the whole that it is of.';
COMMENT ON COLUMN v_comparable_figures.digits IS 'Significant digits of the value: 3 for 6.91 billion.';
COMMENT ON COLUMN v_comparable_figures.publisher IS 'Publisher of the article.';
COMMENT ON COLUMN v_comparable_figures.published IS 'Date of the article as exactly as it is known: 2019, 2019-03 or 2019-03-04.';
COMMENT ON COLUMN v_comparable_figures.published_on IS 'First day that this may be.';
COMMENT ON COLUMN v_comparable_figures.published_by IS 'Last day that this may be.';
COMMENT ON COLUMN v_comparable_figures.title IS 'Title of the article.';
COMMENT ON COLUMN v_comparable_figures.url IS 'Address of the article.';
COMMENT ON COLUMN v_comparable_figures.figure_id IS 'The figure.';
COMMENT ON COLUMN v_comparable_figures.article_id IS 'The article.';
COMMENT ON COLUMN v_comparable_figures.paragraph_no IS 'The paragraph.';

CREATE VIEW v_conflicting_pairs AS
-- What a statement admits: an open bound for "over" and "up to", a twentieth either way for "about", a hundredth for
-- rounding of what is exact. Two statements on one subject and period conflict where they admit no common value. Each that
-- conflicts with any is put beside the lowest or the highest statement of its subject and period, so that there are no more
-- rows than statements. Only what decides is carried along: the words come in v_figure_conflicts.
WITH stated AS MATERIALIZED (
    SELECT
        subject, kind, unit, period_start, period_end, figure_id, article_id, paragraph_no, change_from, value,
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
    FROM (SELECT *, coalesce(value_low, value) AS low, coalesce(value_high, value) AS high FROM v_comparable_figures)
    WHERE period_start IS NOT NULL AND period_end IS NOT NULL AND NOT starts_with(subject, 'growth of')
),
apart AS (
    SELECT *, row_number() OVER () AS number
    FROM (
        SELECT subject, kind, unit, period_start, period_end, min(admits_to) AS lowest_to, max(admits_from) AS highest_from
        FROM stated
        GROUP BY ALL
        HAVING lowest_to < highest_from
    )
),
conflicting AS MATERIALIZED (
    SELECT stated.*, apart.number, apart.lowest_to, apart.highest_from
    FROM stated
    JOIN apart
        ON apart.subject = stated.subject
        AND apart.kind = stated.kind
        AND apart.unit IS NOT DISTINCT FROM stated.unit
        AND apart.period_start = stated.period_start
        AND apart.period_end = stated.period_end
    WHERE stated.admits_to < apart.highest_from OR stated.admits_from > apart.lowest_to
),
ends AS (
    SELECT
        number,
        min(figure_id) FILTER (admits_to = lowest_to) AS lowest,
        max(figure_id) FILTER (admits_from = highest_from) AS highest
    FROM conflicting
    GROUP BY number
),
furthest AS MATERIALIZED (
    SELECT conflicting.*
    FROM conflicting
    JOIN ends USING (number)
    WHERE figure_id IN (ends.lowest, ends.highest)
)
SELECT
    one.subject AS subject,
    one.kind AS kind,
    one.unit AS unit,
    one.period_start AS period_start,
    one.period_end AS period_end,
    round(greatest(one.value, other.value) / nullif(least(one.value, other.value), 0), 2) AS ratio,
    one.figure_id AS figure_a,
    other.figure_id AS figure_b
FROM conflicting AS one
JOIN ends ON ends.number = one.number
JOIN furthest AS other
    ON other.number = one.number
    AND other.figure_id = CASE WHEN one.admits_to < one.highest_from THEN ends.highest ELSE ends.lowest END
WHERE
    one.figure_id <> ends.highest
    AND (one.article_id <> other.article_id OR one.paragraph_no <> other.paragraph_no)
    AND one.change_from IS DISTINCT FROM other.figure_id AND other.change_from IS DISTINCT FROM one.figure_id
    -- What differs tenfold is not the same thing measured twice.
    AND greatest(abs(one.value), abs(other.value)) <= 10 * least(abs(one.value), abs(other.value));

COMMENT ON VIEW v_conflicting_pairs IS 'The pairs of v_figure_conflicts by their ids, in no order.';
COMMENT ON COLUMN v_conflicting_pairs.subject IS 'What both figures are about.';
COMMENT ON COLUMN v_conflicting_pairs.kind IS 'Kind of both figures.';
COMMENT ON COLUMN v_conflicting_pairs.unit IS 'Unit of both figures.';
COMMENT ON COLUMN v_conflicting_pairs.period_start IS 'First day of the time that both are about.';
COMMENT ON COLUMN v_conflicting_pairs.period_end IS 'Last day of that time.';
COMMENT ON COLUMN v_conflicting_pairs.ratio IS 'The larger value divided by the smaller.';
COMMENT ON COLUMN v_conflicting_pairs.figure_a IS 'The one.';
COMMENT ON COLUMN v_conflicting_pairs.figure_b IS 'The other.';

CREATE VIEW v_figure_conflicts AS
SELECT
    pair.subject AS subject,
    pair.kind AS kind,
    pair.unit AS unit,
    pair.period_start AS period_start,
    pair.period_end AS period_end,
    one.measure AS measure_a,
    other.measure AS measure_b,
    one.value AS value_a,
    other.value AS value_b,
    pair.ratio AS ratio,
    one.surface AS surface_a,
    other.surface AS surface_b,
    one.publisher AS publisher_a,
    other.publisher AS publisher_b,
    one.attribution AS attribution_a,
    other.attribution AS attribution_b,
    one.url AS url_a,
    other.url AS url_b,
    pair.figure_a AS figure_a,
    pair.figure_b AS figure_b,
    CASE
        WHEN abs(one.value - other.value) <= 0.06 * abs(greatest(one.value, other.value)) THEN 'rounding'
        WHEN one.base IS DISTINCT FROM other.base THEN 'other definition'
        WHEN abs(date_diff('day', one.published_on, other.published_on)) > 365 THEN 'later estimate'
    END AS may_be
FROM v_conflicting_pairs AS pair
JOIN v_comparable_figures AS one ON one.figure_id = pair.figure_a
JOIN v_comparable_figures AS other ON other.figure_id = pair.figure_b
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

CREATE VIEW v_figure_series AS
SELECT
    subject,
    kind,
    unit,
    period_start,
    period_end,
    value,
    qualifier,
    measure,
    surface,
    attribution,
    publisher,
    published,
    published_on,
    title,
    url,
    figure_id,
    article_id,
    paragraph_no
FROM v_comparable_figures
WHERE
    coalesce(period_end, period_start) IS NOT NULL
    -- Levels of at most about a year: what moved, and what was added up over several years, is no point of a series.
    AND (kind <> 'multiple' AND NOT starts_with(subject, 'growth of'))
    AND (period_start IS NULL OR period_end IS NULL OR period_end - period_start <= 400)
WINDOW together AS (PARTITION BY subject, kind, unit)
QUALIFY
    min(coalesce(period_end, period_start)) OVER together < max(coalesce(period_end, period_start)) OVER together
ORDER BY subject, kind, unit, period_end NULLS LAST, period_start, published_on, figure_id;

COMMENT ON VIEW v_figure_series IS 'One subject at different times, in order of time, from all articles; near-duplicates left out.';
COMMENT ON COLUMN v_figure_series.subject IS 'What the figures are about, by which they are put together.';
COMMENT ON COLUMN v_figure_series.kind IS 'Kind of the figures.';
COMMENT ON COLUMN v_figure_series.unit IS 'Unit of the figures.';
COMMENT ON COLUMN v_figure_series.period_start IS 'First day of the time that the figure is about; null if open.';
COMMENT ON COLUMN v_figure_series.period_end IS 'Last day of that time; null if open.';
COMMENT ON COLUMN v_figure_series.value IS 'The value in whole units.';
COMMENT ON COLUMN v_figure_series.qualifier IS 'exact, about, at_least or at_most.';
COMMENT ON COLUMN v_figure_series.measure IS 'What the number measures, in the words of the text.';
COMMENT ON COLUMN v_figure_series.surface IS 'The figure in the words of the text.';
COMMENT ON COLUMN v_figure_series.attribution IS 'Who states it, where the text says.';
COMMENT ON COLUMN v_figure_series.publisher IS 'Publisher of the article.';
COMMENT ON COLUMN v_figure_series.published IS 'Date of the article as exactly as it is known: 2019, 2019-03 or 2019-03-04.';
COMMENT ON COLUMN v_figure_series.published_on IS 'Date of the article; the first day of the year or month where no more is known.';
COMMENT ON COLUMN v_figure_series.title IS 'Title of the article.';
COMMENT ON COLUMN v_figure_series.url IS 'Address of the article.';
COMMENT ON COLUMN v_figure_series.figure_id IS 'The figure.';
COMMENT ON COLUMN v_figure_series.article_id IS 'The article.';
COMMENT ON COLUMN v_figure_series.paragraph_no IS 'The paragraph.';

CREATE VIEW v_figure_origins AS
-- One value on one subject in several articles: the earliest that is known here, and each that states it after; of a date
-- of which only the year is known, only what is certain counts. Where the later one states a period, it is the same;
-- where it states none, a value of three significant digits or more agrees by itself.
WITH stated AS (
    SELECT *
    FROM v_comparable_figures
    WHERE published_on IS NOT NULL AND kind NOT IN ('duration', 'multiple')
),
paired AS (
    SELECT later, earlier
    FROM stated AS later
    JOIN stated AS earlier
        ON earlier.subject = later.subject
        AND earlier.kind = later.kind
        AND earlier.unit IS NOT DISTINCT FROM later.unit
        AND earlier.value = later.value
        AND earlier.published_by < later.published_on
    WHERE
        earlier.article_id <> later.article_id
        AND (
            (earlier.period_start IS NOT DISTINCT FROM later.period_start
                AND earlier.period_end IS NOT DISTINCT FROM later.period_end
                AND coalesce(later.period_start, later.period_end) IS NOT NULL)
            OR (later.digits >= 3 AND later.kind <> 'fraction'
                AND coalesce(later.period_start, later.period_end) IS NULL)
        )
    QUALIFY row_number() OVER (PARTITION BY later.figure_id ORDER BY earlier.published_by, earlier.figure_id) = 1
)
SELECT
    later.subject AS subject,
    later.kind AS kind,
    later.unit AS unit,
    later.value AS value,
    coalesce(later.period_start, earlier.period_start) AS period_start,
    coalesce(later.period_end, earlier.period_end) AS period_end,
    earlier.publisher AS first_publisher,
    earlier.published AS first_published,
    earlier.published_on AS first_published_on,
    earlier.attribution AS first_attribution,
    earlier.title AS first_title,
    earlier.url AS first_url,
    later.publisher AS publisher,
    later.published AS published,
    later.published_on AS published_on,
    later.attribution AS attribution,
    later.title AS title,
    later.url AS url,
    coalesce(
        contains(lower(later.attribution), lower(earlier.publisher))
        OR contains(lower(later.attribution), lower(earlier.attribution))
        OR contains(lower(earlier.attribution), lower(later.attribution)),
        false
    ) AS named,
    later.surface AS surface,
    later.measure AS measure,
    earlier.figure_id AS first_figure_id,
    later.figure_id AS figure_id
FROM paired
ORDER BY subject, value, first_published_on, published_on, figure_id;

COMMENT ON VIEW v_figure_origins IS 'A figure that several articles state: the earliest of them known here, and who repeats it; near-duplicates left out.';
COMMENT ON COLUMN v_figure_origins.subject IS 'What the figure is about.';
COMMENT ON COLUMN v_figure_origins.kind IS 'Kind of the figure.';
COMMENT ON COLUMN v_figure_origins.unit IS 'Unit of the figure.';
COMMENT ON COLUMN v_figure_origins.value IS 'The value in whole units.';
COMMENT ON COLUMN v_figure_origins.period_start IS 'First day of the time that it is about; null if open.';
COMMENT ON COLUMN v_figure_origins.period_end IS 'Last day of that time; null if open.';
COMMENT ON COLUMN v_figure_origins.first_publisher IS 'Who stated it first.';
COMMENT ON COLUMN v_figure_origins.first_published IS 'Date of the first article as exactly as it is known: 2019, 2019-03 or 2019-03-04.';
COMMENT ON COLUMN v_figure_origins.first_published_on IS 'Its date; the first day of the year or month where no more is known.';
COMMENT ON COLUMN v_figure_origins.first_attribution IS 'Whom the first article gives as its source.';
COMMENT ON COLUMN v_figure_origins.first_title IS 'Title of the first article.';
COMMENT ON COLUMN v_figure_origins.first_url IS 'Address of the first article.';
COMMENT ON COLUMN v_figure_origins.publisher IS 'Who repeats it.';
COMMENT ON COLUMN v_figure_origins.published IS 'Date of the article that repeats it as exactly as it is known.';
COMMENT ON COLUMN v_figure_origins.published_on IS 'Its date; the first day of the year or month where no more is known.';
COMMENT ON COLUMN v_figure_origins.attribution IS 'Whom that article gives as its source.';
COMMENT ON COLUMN v_figure_origins.title IS 'Title of that article.';
COMMENT ON COLUMN v_figure_origins.url IS 'Address of that article.';
COMMENT ON COLUMN v_figure_origins.named IS 'Whether the source that it gives is the first article or its source.';
COMMENT ON COLUMN v_figure_origins.surface IS 'The figure in the words of the article that repeats it.';
COMMENT ON COLUMN v_figure_origins.measure IS 'What it measures, in the words of that article.';
COMMENT ON COLUMN v_figure_origins.first_figure_id IS 'The first figure.';
COMMENT ON COLUMN v_figure_origins.figure_id IS 'The figure that repeats it.';
