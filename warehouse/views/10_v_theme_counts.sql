CREATE VIEW v_theme_counts AS
SELECT
    t.theme_id,
    t.label,
    t.family,
    count(m.theme_id) AS paragraphs,
    count(DISTINCT m.article_id) AS articles,
    count(m.theme_id) FILTER (m.framing = 'problem') AS problems,
    count(m.theme_id) FILTER (m.framing = 'benefit') AS benefits,
    count(m.theme_id) FILTER (m.framing = 'proposal') AS proposals,
    count(m.theme_id) FILTER (m.framing = 'context') AS contexts
FROM themes AS t
LEFT JOIN (
    SELECT theme_mentions.* FROM theme_mentions JOIN articles USING (article_id) WHERE duplicate_of IS NULL
) AS m USING (theme_id)
GROUP BY t.theme_id, t.label, t.family
ORDER BY articles DESC, paragraphs DESC, t.theme_id;

COMMENT ON VIEW v_theme_counts IS 'How often each theme is spoken of, near-duplicate articles counted once.';
COMMENT ON COLUMN v_theme_counts.theme_id IS 'The theme.';
COMMENT ON COLUMN v_theme_counts.label IS 'Its name for readers.';
COMMENT ON COLUMN v_theme_counts.family IS 'Group of themes.';
COMMENT ON COLUMN v_theme_counts.paragraphs IS 'Paragraphs that say something about it.';
COMMENT ON COLUMN v_theme_counts.articles IS 'Articles with such a paragraph.';
COMMENT ON COLUMN v_theme_counts.problems IS 'Of the paragraphs, those that put it as a problem.';
COMMENT ON COLUMN v_theme_counts.benefits IS 'Those that put it as a benefit.';
COMMENT ON COLUMN v_theme_counts.proposals IS 'Those that propose something.';
COMMENT ON COLUMN v_theme_counts.contexts IS 'Those that describe without judgement.';
