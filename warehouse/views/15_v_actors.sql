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
