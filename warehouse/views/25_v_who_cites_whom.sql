CREATE VIEW v_who_cites_whom AS
SELECT
    coalesce(publisher, 'publisher not known') AS citing,
    coalesce(cited, linked_publisher) AS cited,
    CASE WHEN cited IS NULL THEN 'publisher' ELSE cited_kind END AS cited_kind,
    count(*) AS citations,
    count(DISTINCT article_id) AS articles,
    sum(figures)::BIGINT AS figures,
    min(published_on) AS first_on,
    max(published_on) AS last_on,
    list(DISTINCT what ORDER BY what) AS sources
FROM v_citations
WHERE NOT is_copy AND (cited IS NOT NULL OR linked_publisher IS DISTINCT FROM publisher AND linked_publisher IS NOT NULL)
GROUP BY ALL
ORDER BY citations DESC, citing, cited;

COMMENT ON VIEW v_who_cites_whom IS 'Which publishers lean on whose sources, how often, and with how many figures; near-duplicate articles left out.';
COMMENT ON COLUMN v_who_cites_whom.citing IS 'Publisher of the articles that cite.';
COMMENT ON COLUMN v_who_cites_whom.cited IS 'The organisation or person cited; where none is named, the publisher of the stored article that the link leads to.';
COMMENT ON COLUMN v_who_cites_whom.cited_kind IS 'person, the kind of the organisation, or publisher where only a link tells.';
COMMENT ON COLUMN v_who_cites_whom.citations IS 'How often.';
COMMENT ON COLUMN v_who_cites_whom.articles IS 'In how many articles.';
COMMENT ON COLUMN v_who_cites_whom.figures IS 'How many figures the sources bear out.';
COMMENT ON COLUMN v_who_cites_whom.first_on IS 'Date of the earliest such article; the first day of its year or month where no more is known.';
COMMENT ON COLUMN v_who_cites_whom.last_on IS 'Date of the latest; the first day of its year or month where no more is known.';
COMMENT ON COLUMN v_who_cites_whom.sources IS 'The kinds of source.';
