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
