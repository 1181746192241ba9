CREATE VIEW v_citations AS
SELECT
    c.citation_id,
    coalesce(o.name, n.name) AS cited,
    CASE WHEN o.organisation_id IS NOT NULL THEN o.kind WHEN n.person_id IS NOT NULL THEN 'person' END AS cited_kind,
    c.what,
    c.surface,
    len(c.figure_ids) AS figures,
    c.figure_ids,
    c.url AS link,
    linked.article_id AS linked_article_id,
    linked.title AS linked_title,
    linked.publisher AS linked_publisher,
    a.title,
    a.publisher,
    readable_date(a.published_on, a.published_precision) AS published,
    a.published_on,
    a.url,
    a.duplicate_of IS NOT NULL AS is_copy,
    c.article_id,
    c.paragraph_no,
    c.char_start,
    c.char_end,
    c.cited_id
FROM citations AS c
JOIN articles AS a USING (article_id)
LEFT JOIN organisations AS o ON o.organisation_id = c.cited_id
LEFT JOIN people AS n ON n.person_id = c.cited_id
LEFT JOIN article_addresses AS d ON d.url = c.url
LEFT JOIN articles AS linked ON linked.article_id = d.article_id
ORDER BY a.published_on DESC NULLS LAST, c.article_id, c.paragraph_no, c.char_start;

COMMENT ON VIEW v_citations IS 'Every citation with whose source it is, the figures that it bears out, and the stored article that its link leads to.';
COMMENT ON COLUMN v_citations.citation_id IS 'The citation.';
COMMENT ON COLUMN v_citations.cited IS 'Whose source it is; null where nobody is named.';
COMMENT ON COLUMN v_citations.cited_kind IS 'person, or the kind of the organisation.';
COMMENT ON COLUMN v_citations.what IS 'What kind of source.';
COMMENT ON COLUMN v_citations.surface IS 'The words that name it.';
COMMENT ON COLUMN v_citations.figures IS 'How many figures of the sentence it bears out.';
COMMENT ON COLUMN v_citations.figure_ids IS 'Which figures.';
COMMENT ON COLUMN v_citations.link IS 'The link that the words carry.';
COMMENT ON COLUMN v_citations.linked_article_id IS 'The stored article at that link.';
COMMENT ON COLUMN v_citations.linked_title IS 'Its title.';
COMMENT ON COLUMN v_citations.linked_publisher IS 'Its publisher.';
COMMENT ON COLUMN v_citations.title IS 'Title of the article that cites.';
COMMENT ON COLUMN v_citations.publisher IS 'Its publisher.';
COMMENT ON COLUMN v_citations.published IS 'Its date as exactly as it is known: 2019, 2019-03 or 2019-03-04.';
COMMENT ON COLUMN v_citations.published_on IS 'Its date; the first day of the year or month where no more is known.';
COMMENT ON COLUMN v_citations.is_copy IS 'Whether it nearly repeats an earlier article; counts leave such articles out.';
COMMENT ON COLUMN v_citations.url IS 'Its address.';
COMMENT ON COLUMN v_citations.article_id IS 'The article that cites.';
COMMENT ON COLUMN v_citations.paragraph_no IS 'The paragraph.';
COMMENT ON COLUMN v_citations.char_start IS 'Where the words start in their paragraph, from 0.';
COMMENT ON COLUMN v_citations.char_end IS 'Where they end, exclusive.';
COMMENT ON COLUMN v_citations.cited_id IS 'Identifier of whom it cites.';
