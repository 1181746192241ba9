CREATE MACRO readable_number(number) AS
    CASE
        WHEN number = trunc(number) AND abs(number) < 1e15 THEN format('{:,}', number::BIGINT)
        ELSE number::VARCHAR
    END;

COMMENT ON MACRO readable_number IS 'A number for people: whole ones with thousands separated, others as they are.';

CREATE MACRO readable_date(day, exactness) AS
    CASE exactness
        WHEN 'year' THEN strftime(day, '%Y')
        WHEN 'month' THEN strftime(day, '%Y-%m')
        ELSE day::VARCHAR
    END;

COMMENT ON MACRO readable_date IS 'A date as exactly as it is known: 2019, 2019-03 or 2019-03-04; as text these sort by time.';

CREATE MACRO last_possible_day(day, exactness) AS
    CASE exactness
        WHEN 'year' THEN make_date(year(day), 12, 31)
        WHEN 'month' THEN last_day(day)
        ELSE day
    END;

COMMENT ON MACRO last_possible_day IS 'The latest day that a date may stand for: 31 December where only the year is known.';

CREATE VIEW v_evidence AS
-- What is costly to write out is written after the ordering, so that the first rows come at once.
SELECT
    readable_date(published_on, published_precision) AS published,
    publisher,
    finding,
    CASE
        WHEN kind = 'theme' THEN framing
        ELSE concat_ws(' ', nullif(qualifier, 'exact'), readable_number(value), unit)
    END AS detail,
    substr(text, sentence_start + 1, sentence_end - sentence_start) AS sentence,
    kind,
    surface,
    title,
    url,
    duplicate_of IS NOT NULL AS is_copy,
    published_on,
    finding_id,
    article_id,
    paragraph_no,
    char_start,
    char_end
FROM (
    SELECT e.*, p.text, a.title, a.publisher, a.published_on, a.published_precision, a.duplicate_of, a.url
    FROM (
        SELECT
            'theme' AS kind, t.label AS finding, m.theme_id AS finding_id, m.framing, NULL AS qualifier, NULL AS value,
            NULL AS unit, m.surface, m.sentence_start, m.sentence_end, m.article_id, m.paragraph_no, m.char_start, m.char_end
        FROM theme_mentions AS m
        JOIN themes AS t USING (theme_id)
        UNION ALL
        SELECT
            'figure', coalesce(f.measure, f.unit, f.kind), f.figure_id, NULL, f.qualifier, f.value, f.unit, f.surface,
            f.sentence_start, f.sentence_end, f.article_id, f.paragraph_no, f.char_start, f.char_end
        FROM figures AS f
    ) AS e
    JOIN paragraphs AS p USING (article_id, paragraph_no)
    JOIN articles AS a USING (article_id)
    ORDER BY a.published_on DESC NULLS LAST, e.article_id, e.paragraph_no, e.char_start, e.kind, e.finding
);

COMMENT ON VIEW v_evidence IS 'Every finding, theme or figure, with the sentence that bears it out and its article; latest articles first.';
COMMENT ON COLUMN v_evidence.published IS 'Date of the article as exactly as it is known: 2019, 2019-03 or 2019-03-04.';
COMMENT ON COLUMN v_evidence.publisher IS 'Publisher of the article.';
COMMENT ON COLUMN v_evidence.finding IS 'The theme, or what the figure measures.';
COMMENT ON COLUMN v_evidence.detail IS 'The framing of the theme, or the value of the figure with qualifier and unit.';
COMMENT ON COLUMN v_evidence.sentence IS 'The sentence that the evidence stands in.';
COMMENT ON COLUMN v_evidence.kind IS 'theme or figure.';
COMMENT ON COLUMN v_evidence.surface IS 'The words that are the evidence.';
COMMENT ON COLUMN v_evidence.title IS 'Title of the article.';
COMMENT ON COLUMN v_evidence.url IS 'Address of the article.';
COMMENT ON COLUMN v_evidence.is_copy IS 'Whether the article nearly repeats an earlier one; counts leave such articles out.';
COMMENT ON COLUMN v_evidence.published_on IS 'Date of the article; the first day of the year or month where no more is known.';
COMMENT ON COLUMN v_evidence.finding_id IS 'The theme_id or figure_id.';
COMMENT ON COLUMN v_evidence.article_id IS 'The article.';
COMMENT ON COLUMN v_evidence.paragraph_no IS 'The paragraph.';
COMMENT ON COLUMN v_evidence.char_start IS 'Where the evidence starts in its paragraph, from 0.';
COMMENT ON COLUMN v_evidence.char_end IS 'Where it ends, exclusive.';

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

CREATE VIEW v_mentions AS
SELECT
    readable_date(a.published_on, a.published_precision) AS published,
    a.publisher,
    t.label,
    m.framing,
    substr(p.text, m.sentence_start + 1, m.sentence_end - m.sentence_start) AS sentence,
    m.score,
    m.surface,
    m.theme_id,
    t.family,
    s.sector,
    a.title,
    a.url,
    a.duplicate_of IS NOT NULL AS is_copy,
    a.published_on,
    p.kind AS paragraph_kind,
    m.article_id || '-p' || m.paragraph_no || '-' || m.theme_id AS mention_id,
    m.article_id,
    m.paragraph_no,
    m.char_start,
    m.char_end
FROM theme_mentions AS m
JOIN themes AS t USING (theme_id)
JOIN paragraphs AS p USING (article_id, paragraph_no)
JOIN articles AS a USING (article_id)
LEFT JOIN sources AS s USING (source_id);

COMMENT ON VIEW v_mentions IS 'Every theme that a paragraph speaks of, with its framing, the sentence that bears it out, and its article.';
COMMENT ON COLUMN v_mentions.published IS 'Date of the article as exactly as it is known: 2019, 2019-03 or 2019-03-04.';
COMMENT ON COLUMN v_mentions.publisher IS 'Publisher of the article.';
COMMENT ON COLUMN v_mentions.label IS 'Its name for readers.';
COMMENT ON COLUMN v_mentions.framing IS 'How the paragraph puts it: problem, benefit, proposal or context.';
COMMENT ON COLUMN v_mentions.sentence IS 'The sentence that the strongest evidence stands in.';
COMMENT ON COLUMN v_mentions.score IS 'How strong the evidence is; compare within a theme only.';
COMMENT ON COLUMN v_mentions.surface IS 'The words that are the strongest evidence.';
COMMENT ON COLUMN v_mentions.theme_id IS 'The theme.';
COMMENT ON COLUMN v_mentions.family IS 'Group of themes.';
COMMENT ON COLUMN v_mentions.sector IS 'What the publisher is, as the file of sources has it; null for others.';
COMMENT ON COLUMN v_mentions.title IS 'Title of the article.';
COMMENT ON COLUMN v_mentions.url IS 'Address of the article.';
COMMENT ON COLUMN v_mentions.is_copy IS 'Whether the article nearly repeats an earlier one; counts leave such articles out.';
COMMENT ON COLUMN v_mentions.published_on IS 'Date of the article; the first day of the year or month where no more is known.';
COMMENT ON COLUMN v_mentions.paragraph_kind IS 'heading, prose, list_item, quote, caption or table_row.';
COMMENT ON COLUMN v_mentions.mention_id IS 'The article, paragraph and theme, as in 0123456789abcdef-p11-trust: what a note is made on.';
COMMENT ON COLUMN v_mentions.article_id IS 'The article.';
COMMENT ON COLUMN v_mentions.paragraph_no IS 'The paragraph.';
COMMENT ON COLUMN v_mentions.char_start IS 'Where the evidence starts in its paragraph, from 0.';
COMMENT ON COLUMN v_mentions.char_end IS 'Where it ends, exclusive.';
