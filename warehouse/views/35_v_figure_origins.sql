CREATE VIEW v_figure_origins AS
-- One value on one subject in several articles: the earliest that is known here, and each that states it after; of a date
-- of which only the year is known, only what is certain counts. A value
-- of three significant digits or more agrees by itself, a rounder one only where the period is the same, too.
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
            OR (later.digits >= 3 AND later.kind <> 'fraction' AND (
                coalesce(later.period_start, later.period_end) IS NULL
                OR coalesce(earlier.period_start <= later.period_end AND later.period_start <= earlier.period_end, false)
            ))
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
