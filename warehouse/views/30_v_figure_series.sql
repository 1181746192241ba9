CREATE VIEW v_figure_series AS
WITH dated AS (
    SELECT
        array_to_string(f.measure_words, ' ') AS series,
        f.figure_id,
        f.article_id,
        f.paragraph_no,
        f.kind,
        f.unit,
        f.measure,
        f.value,
        f.qualifier,
        f.surface,
        f.attribution,
        f.period_start,
        f.period_end,
        coalesce(f.period_end, f.period_start) AS at_date,
        a.publisher,
        a.published_on,
        a.title,
        a.url
    FROM figures AS f
    JOIN articles AS a USING (article_id)
    WHERE f.measure IS NOT NULL AND coalesce(f.period_end, f.period_start) IS NOT NULL AND a.duplicate_of IS NULL
)
SELECT
    series,
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
    published_on,
    title,
    url,
    figure_id,
    article_id,
    paragraph_no
FROM dated
WHERE series <> ''
QUALIFY count(DISTINCT at_date) OVER (PARTITION BY series, kind, unit) > 1
ORDER BY series, kind, unit, period_end NULLS LAST, period_start, published_on, figure_id;

COMMENT ON VIEW v_figure_series IS 'The same measure at different times, in order of time, from all articles; near-duplicates left out.';
COMMENT ON COLUMN v_figure_series.series IS 'The telling words of the measure, by which figures are put together.';
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
COMMENT ON COLUMN v_figure_series.published_on IS 'Date of the article.';
COMMENT ON COLUMN v_figure_series.title IS 'Title of the article.';
COMMENT ON COLUMN v_figure_series.url IS 'Address of the article.';
COMMENT ON COLUMN v_figure_series.figure_id IS 'The figure.';
COMMENT ON COLUMN v_figure_series.article_id IS 'The article.';
COMMENT ON COLUMN v_figure_series.paragraph_no IS 'The paragraph.';
