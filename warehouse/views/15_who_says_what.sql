CREATE VIEW v_actors AS
WITH actors AS (
    SELECT organisation_id AS actor_id, name, kind FROM organisations
    UNION ALL
    SELECT person_id, name, 'person' FROM people
),
named AS (
    SELECT m.actor_id, m.article_id, m.paragraph_no, m.role, a.published_on
    FROM actor_mentions AS m
    JOIN articles AS a USING (article_id)
    WHERE a.duplicate_of IS NULL
),
counted AS (
    SELECT
        actor_id,
        count(*) AS mentions,
        count(DISTINCT article_id) AS articles,
        min(published_on) AS first_seen_on,
        max(published_on) AS last_seen_on,
        mode(role) AS usual_role
    FROM named
    GROUP BY actor_id
),
around AS (
    SELECT
        n.actor_id,
        t.theme_id,
        count(*) AS paragraphs,
        count(*) FILTER (t.framing = 'problem') AS problems,
        count(*) FILTER (t.framing = 'benefit') AS benefits,
        count(*) FILTER (t.framing = 'proposal') AS proposals
    FROM (SELECT DISTINCT actor_id, article_id, paragraph_no FROM named) AS n
    JOIN theme_mentions AS t USING (article_id, paragraph_no)
    GROUP BY n.actor_id, t.theme_id
),
themed AS (
    SELECT
        actor_id,
        list(theme_id ORDER BY paragraphs DESC, theme_id)[:3] AS top_themes,
        sum(problems)::BIGINT AS problems,
        sum(benefits)::BIGINT AS benefits,
        sum(proposals)::BIGINT AS proposals
    FROM around
    GROUP BY actor_id
)
SELECT
    actors.actor_id,
    actors.name,
    actors.kind,
    counted.usual_role,
    counted.mentions,
    counted.articles,
    counted.first_seen_on,
    counted.last_seen_on,
    coalesce(themed.top_themes, []) AS top_themes,
    coalesce(themed.problems, 0) AS problems,
    coalesce(themed.benefits, 0) AS benefits,
    coalesce(themed.proposals, 0) AS proposals
FROM counted
JOIN actors USING (actor_id)
LEFT JOIN themed USING (actor_id)
ORDER BY counted.articles DESC, counted.mentions DESC, actors.actor_id;

COMMENT ON VIEW v_actors IS 'Organisations and people by how often they are named, and the themes of the paragraphs that name them; near-duplicates left out.';
COMMENT ON COLUMN v_actors.actor_id IS 'The organisation or person.';
COMMENT ON COLUMN v_actors.name IS 'Its fullest name.';
COMMENT ON COLUMN v_actors.kind IS 'person, or the kind of the organisation.';
COMMENT ON COLUMN v_actors.usual_role IS 'The role that texts state most often for a person.';
COMMENT ON COLUMN v_actors.mentions IS 'Places where it is named.';
COMMENT ON COLUMN v_actors.articles IS 'Articles that name it.';
COMMENT ON COLUMN v_actors.first_seen_on IS 'Date of the earliest of these; the first day of its year or month where no more is known.';
COMMENT ON COLUMN v_actors.last_seen_on IS 'Date of the latest; the first day of its year or month where no more is known.';
COMMENT ON COLUMN v_actors.top_themes IS 'The themes most often spoken of in paragraphs that name it, at most three. Co-occurrence: what it says itself is in v_stance.';
COMMENT ON COLUMN v_actors.problems IS 'Theme mentions of these paragraphs that put the theme as a problem.';
COMMENT ON COLUMN v_actors.benefits IS 'Those that put it as a benefit.';
COMMENT ON COLUMN v_actors.proposals IS 'Those that propose something.';

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

CREATE VIEW v_stance AS
-- By the actor's own quotations where a theme's evidence lies within them, and its own articles outside the quotations of others.
WITH said AS (
    SELECT q.speaker_id AS actor_id, 'quotation' AS said_in, q.article_id, q.paragraph_no, q.char_start, q.char_end
    FROM quotations AS q
    WHERE q.speaker_id IS NOT NULL
    UNION ALL
    SELECT q.speaks_for, 'quotation', q.article_id, q.paragraph_no, q.char_start, q.char_end
    FROM quotations AS q
    WHERE q.speaks_for IS NOT NULL AND q.speaks_for IS DISTINCT FROM q.speaker_id
),
own AS (
    SELECT b.actor_id, 'article' AS said_in, t.*
    FROM theme_mentions AS t
    JOIN bylines AS b USING (article_id)
    ANTI JOIN quotations AS q
        ON q.article_id = t.article_id
        AND q.paragraph_no = t.paragraph_no
        AND t.char_start < q.char_end
        AND q.char_start < t.char_end
),
stated AS (
    SELECT s.actor_id, s.said_in, t.*
    FROM said AS s
    JOIN theme_mentions AS t
        ON t.article_id = s.article_id
        AND t.paragraph_no = s.paragraph_no
        AND t.char_start < s.char_end
        AND s.char_start < t.char_end
    UNION ALL
    SELECT * FROM own
)
SELECT
    coalesce(o.name, n.name) AS actor,
    coalesce(o.kind, 'person') AS kind,
    s.theme_id,
    s.framing,
    s.said_in,
    substr(p.text, s.sentence_start + 1, s.sentence_end - s.sentence_start) AS passage,
    a.title,
    a.publisher,
    readable_date(a.published_on, a.published_precision) AS published,
    a.published_on,
    a.url,
    s.actor_id,
    s.article_id,
    s.paragraph_no,
    s.char_start,
    s.char_end
FROM stated AS s
JOIN articles AS a USING (article_id)
JOIN paragraphs AS p USING (article_id, paragraph_no)
LEFT JOIN organisations AS o ON o.organisation_id = s.actor_id
LEFT JOIN people AS n ON n.person_id = s.actor_id
WHERE a.duplicate_of IS NULL
ORDER BY actor, s.theme_id, a.published_on DESC NULLS LAST, s.article_id, s.paragraph_no;

COMMENT ON VIEW v_stance IS 'What an organisation or person says about a theme, in its own words: quoted, or in articles that it wrote or published. Never by being named nearby.';
COMMENT ON COLUMN v_stance.actor IS 'The organisation or person.';
COMMENT ON COLUMN v_stance.kind IS 'person, or the kind of the organisation.';
COMMENT ON COLUMN v_stance.theme_id IS 'The theme.';
COMMENT ON COLUMN v_stance.framing IS 'How it is put: problem, benefit, proposal or context.';
COMMENT ON COLUMN v_stance.said_in IS 'quotation, or article for the actor''s own.';
COMMENT ON COLUMN v_stance.passage IS 'The sentence that bears it out.';
COMMENT ON COLUMN v_stance.title IS 'Title of the article.';
COMMENT ON COLUMN v_stance.publisher IS 'Publisher of the article.';
COMMENT ON COLUMN v_stance.published IS 'Date of the article as exactly as it is known: 2019, 2019-03 or 2019-03-04.';
COMMENT ON COLUMN v_stance.published_on IS 'Date of the article; the first day of the year or month where no more is known.';
COMMENT ON COLUMN v_stance.url IS 'Address of the article.';
COMMENT ON COLUMN v_stance.actor_id IS 'Identifier of the actor.';
COMMENT ON COLUMN v_stance.article_id IS 'The article.';
COMMENT ON COLUMN v_stance.paragraph_no IS 'The paragraph.';
COMMENT ON COLUMN v_stance.char_start IS 'Where the evidence starts in its paragraph, from 0.';
COMMENT ON COLUMN v_stance.char_end IS 'Where it ends, exclusive.';

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
