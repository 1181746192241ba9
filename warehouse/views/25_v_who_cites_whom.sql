CREATE VIEW v_who_cites_whom AS
SELECT
    coalesce(publisher, 'publisher not known') AS citing,
    cited,
    cited_kind,
    count(*) AS citations,
    count(DISTINCT article_id) AS articles,
    sum(figures)::BIGINT AS figures,
    min(published_on) AS first_on,
    max(published_on) AS last_on,
    list(DISTINCT what ORDER BY what) AS sources
FROM v_citations
WHERE cited IS NOT NULL AND NOT is_copy
GROUP BY ALL
ORDER BY citations DESC, citing, cited;

COMMENT ON VIEW v_who_cites_whom IS 'Which publishers lean on whose sources, how often, and with how many figures; near-duplicate articles left out.';
COMMENT ON COLUMN v_who_cites_whom.citing IS 'Publisher of the articles that cite.';
COMMENT ON COLUMN v_who_cites_whom.cited IS 'The organisation or person cited.';
COMMENT ON COLUMN v_who_cites_whom.cited_kind IS 'person, or the kind of the organisation.';
COMMENT ON COLUMN v_who_cites_whom.citations IS 'How often.';
COMMENT ON COLUMN v_who_cites_whom.articles IS 'In how many articles.';
COMMENT ON COLUMN v_who_cites_whom.figures IS 'How many figures the sources bear out.';
COMMENT ON COLUMN v_who_cites_whom.first_on IS 'Date of the earliest such article; the first day of its year or month where no more is known.';
COMMENT ON COLUMN v_who_cites_whom.last_on IS 'Date of the latest; the first day of its year or month where no more is known.';
COMMENT ON COLUMN v_who_cites_whom.sources IS 'The kinds of source.';
