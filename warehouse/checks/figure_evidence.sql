-- The surface of a figure stands in its paragraph at its offsets.
SELECT f.article_id, f.figure_id, f.surface, substr(p.text, f.char_start + 1, f.char_end - f.char_start) AS text_there
FROM figures AS f
JOIN paragraphs AS p USING (article_id, paragraph_no)
WHERE f.char_start < 0 OR substr(p.text, f.char_start + 1, f.char_end - f.char_start) <> f.surface;
