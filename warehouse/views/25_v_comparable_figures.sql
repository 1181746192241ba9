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
