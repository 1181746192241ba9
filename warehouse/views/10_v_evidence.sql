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
