-- The surface of a theme mention stands in its paragraph at its offsets.
SELECT m.article_id, m.paragraph_no, m.theme_id, m.surface
FROM theme_mentions AS m
JOIN paragraphs AS p USING (article_id, paragraph_no)
WHERE m.char_start < 0 OR substr(p.text, m.char_start + 1, m.char_end - m.char_start) <> m.surface;
