CREATE VIEW v_quotations AS
SELECT
    coalesce(o.name, n.name) AS speaker,
    q.speaker_words,
    CASE WHEN o.organisation_id IS NOT NULL THEN o.kind WHEN n.person_id IS NOT NULL THEN 'person' END AS speaker_kind,
    f.name AS speaks_for,
    q.surface AS said,
    q.verb,
    q.direct,
    m.themes,
    m.framings,
    a.title,
    a.publisher,
    readable_date(a.published_on, a.published_precision) AS published,
    a.published_on,
    a.url,
    a.duplicate_of IS NOT NULL AS is_copy,
    q.article_id,
    q.paragraph_no,
    q.char_start,
    q.char_end,
    q.quotation_id,
    q.speaker_id,
    q.speaks_for AS speaks_for_id
FROM quotations AS q
JOIN articles AS a USING (article_id)
LEFT JOIN organisations AS o ON o.organisation_id = q.speaker_id
LEFT JOIN people AS n ON n.person_id = q.speaker_id
LEFT JOIN organisations AS f ON f.organisation_id = q.speaks_for
LEFT JOIN (
    SELECT
        article_id,
        paragraph_no,
        list(theme_id ORDER BY score DESC, theme_id) AS themes,
        list(framing ORDER BY score DESC, theme_id) AS framings
    FROM theme_mentions
    GROUP BY article_id, paragraph_no
) AS m USING (article_id, paragraph_no)
ORDER BY a.published_on DESC NULLS LAST, q.article_id, q.paragraph_no, q.char_start;

COMMENT ON VIEW v_quotations IS 'Every quotation with its speaker by name, and the themes of its paragraph; latest articles first.';
COMMENT ON COLUMN v_quotations.speaker IS 'The organisation or person by name; null where none is named.';
COMMENT ON COLUMN v_quotations.speaker_words IS 'The words of the text for the speaker.';
COMMENT ON COLUMN v_quotations.speaker_kind IS 'person, or the kind of the organisation.';
COMMENT ON COLUMN v_quotations.speaks_for IS 'The organisation named in the speaker''s role.';
COMMENT ON COLUMN v_quotations.said IS 'What is said.';
COMMENT ON COLUMN v_quotations.verb IS 'The verb of speech.';
COMMENT ON COLUMN v_quotations.direct IS 'True for the words themselves, false for a report of them.';
COMMENT ON COLUMN v_quotations.themes IS 'Themes of its paragraph, strongest first.';
COMMENT ON COLUMN v_quotations.framings IS 'The framing of each of these themes.';
COMMENT ON COLUMN v_quotations.title IS 'Title of the article.';
COMMENT ON COLUMN v_quotations.publisher IS 'Publisher of the article.';
COMMENT ON COLUMN v_quotations.published IS 'Date of the article as exactly as it is known: 2019, 2019-03 or 2019-03-04.';
COMMENT ON COLUMN v_quotations.published_on IS 'Date of the article; the first day of the year or month where no more is known.';
COMMENT ON COLUMN v_quotations.is_copy IS 'Whether the article nearly repeats an earlier one; counts leave such articles out.';
COMMENT ON COLUMN v_quotations.url IS 'Address of the article.';
COMMENT ON COLUMN v_quotations.article_id IS 'The article.';
COMMENT ON COLUMN v_quotations.paragraph_no IS 'The paragraph.';
COMMENT ON COLUMN v_quotations.char_start IS 'Where it starts in its paragraph, from 0.';
COMMENT ON COLUMN v_quotations.char_end IS 'Where it ends, exclusive.';
COMMENT ON COLUMN v_quotations.quotation_id IS 'The quotation.';
COMMENT ON COLUMN v_quotations.speaker_id IS 'Identifier of the speaker.';
COMMENT ON COLUMN v_quotations.speaks_for_id IS 'Identifier of the organisation that the speaker speaks for.';
