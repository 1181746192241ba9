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
