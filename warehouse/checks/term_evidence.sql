-- An emerging term stands in its example paragraph at its offsets.
SELECT t.term, t.article_id, t.paragraph_no
FROM emerging_terms AS t
LEFT JOIN paragraphs AS p USING (article_id, paragraph_no)
WHERE p.text IS NULL OR lower(substr(p.text, t.char_start + 1, t.char_end - t.char_start)) <> lower(t.term);
