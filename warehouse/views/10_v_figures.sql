CREATE VIEW v_figures AS
SELECT
    readable_date(a.published_on, a.published_precision) AS published,
    a.publisher,
    f.surface,
    f.measure,
    substr(p.text, f.sentence_start + 1, f.sentence_end - f.sentence_start) AS sentence,
    f.value,
    f.unit,
    f.kind,
    f.qualifier,
    f.value_low,
    f.value_high,
    f.subject,
    f.base,
    f.period_start,
    f.period_end,
    f.period_text,
    f.change,
    earlier.value AS changed_from_value,
    earlier.unit AS changed_from_unit,
    f.change_from,
    f.attribution,
    a.title,
    a.url,
    a.duplicate_of IS NOT NULL AS is_copy,
    a.duplicate_of,
    a.published_on,
    f.figure_id,
    f.article_id,
    f.paragraph_no,
    f.char_start,
    f.char_end
FROM figures AS f
JOIN paragraphs AS p USING (article_id, paragraph_no)
JOIN articles AS a USING (article_id)
LEFT JOIN figures AS earlier ON earlier.figure_id = f.change_from;

COMMENT ON VIEW v_figures IS 'Every figure with its sentence and article.';
COMMENT ON COLUMN v_figures.published IS 'Date of the article as exactly as it is known: 2019, 2019-03 or 2019-03-04.';
COMMENT ON COLUMN v_figures.publisher IS 'Publisher of the article.';
COMMENT ON COLUMN v_figures.surface IS 'The figure in the words of the text.';
COMMENT ON COLUMN v_figures.measure IS 'What the number measures, in the words of the text.';
COMMENT ON COLUMN v_figures.sentence IS 'The sentence that it stands in.';
COMMENT ON COLUMN v_figures.value IS 'The value in whole units.';
COMMENT ON COLUMN v_figures.unit IS 'Unit of the value.';
COMMENT ON COLUMN v_figures.kind IS 'money, percent, count, fraction, duration, rate or multiple.';
COMMENT ON COLUMN v_figures.qualifier IS 'exact, about, at_least or at_most.';
COMMENT ON COLUMN v_figures.value_low IS 'Lower bound; null where open.';
COMMENT ON COLUMN v_figures.value_high IS 'Upper bound; null where open.';
COMMENT ON COLUMN v_figures.subject IS 'What it is about, by a name that figures of other articles share; null where none could.';
COMMENT ON COLUMN v_figures.base IS 'For per cent and fractions, the whole that it is of.';
COMMENT ON COLUMN v_figures.period_start IS 'First day of the time that it is about.';
COMMENT ON COLUMN v_figures.period_end IS 'Last day of that time.';
COMMENT ON COLUMN v_figures.period_text IS 'The words that gave the period.';
COMMENT ON COLUMN v_figures.change IS 'increase or decrease, where the text says so.';
COMMENT ON COLUMN v_figures.changed_from_value IS 'The value that it moved from, where the text gives it.';
COMMENT ON COLUMN v_figures.changed_from_unit IS 'The unit of that value, which may be another: nine weeks to twelve days.';
COMMENT ON COLUMN v_figures.change_from IS 'The figure that it moved from.';
COMMENT ON COLUMN v_figures.attribution IS 'Who states it, where the text says.';
COMMENT ON COLUMN v_figures.title IS 'Title of the article.';
COMMENT ON COLUMN v_figures.url IS 'Address of the article.';
COMMENT ON COLUMN v_figures.is_copy IS 'Whether the article nearly repeats an earlier one; counts leave such articles out.';
COMMENT ON COLUMN v_figures.duplicate_of IS 'The earlier article that this one nearly repeats; null for an original.';
COMMENT ON COLUMN v_figures.published_on IS 'Date of the article; the first day of the year or month where no more is known.';
COMMENT ON COLUMN v_figures.figure_id IS 'The figure.';
COMMENT ON COLUMN v_figures.article_id IS 'The article.';
COMMENT ON COLUMN v_figures.paragraph_no IS 'The paragraph.';
COMMENT ON COLUMN v_figures.char_start IS 'Where the figure starts in its paragraph, from 0.';
COMMENT ON COLUMN v_figures.char_end IS 'Where it ends, exclusive.';
