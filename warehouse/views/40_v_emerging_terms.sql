CREATE VIEW v_emerging_terms AS
SELECT
    t.term,
    t.recent_count,
    t.earlier_count,
    round(t.score, 2) AS score,
    p.text AS example,
    a.title,
    a.publisher,
    readable_date(a.published_on, a.published_precision) AS published,
    a.published_on,
    a.url,
    a.duplicate_of IS NOT NULL AS is_copy
FROM emerging_terms AS t
JOIN paragraphs AS p USING (article_id, paragraph_no)
JOIN articles AS a USING (article_id)
ORDER BY t.score DESC, t.term;

COMMENT ON VIEW v_emerging_terms IS 'Terms that rise in recent articles and belong to no theme yet, strongest first, with an example each.';
COMMENT ON COLUMN v_emerging_terms.term IS 'The term.';
COMMENT ON COLUMN v_emerging_terms.recent_count IS 'Recent articles that use it.';
COMMENT ON COLUMN v_emerging_terms.earlier_count IS 'Earlier articles that use it.';
COMMENT ON COLUMN v_emerging_terms.score IS 'How strongly it rises.';
COMMENT ON COLUMN v_emerging_terms.example IS 'A paragraph that uses it.';
COMMENT ON COLUMN v_emerging_terms.title IS 'Title of the example.';
COMMENT ON COLUMN v_emerging_terms.publisher IS 'Publisher of the example.';
COMMENT ON COLUMN v_emerging_terms.published IS 'Date of the example as exactly as it is known: 2019, 2019-03 or 2019-03-04.';
COMMENT ON COLUMN v_emerging_terms.published_on IS 'Date of the example; the first day of the year or month where no more is known.';
COMMENT ON COLUMN v_emerging_terms.is_copy IS 'Whether the article of the example nearly repeats an earlier one.';
COMMENT ON COLUMN v_emerging_terms.url IS 'Address of the example.';
