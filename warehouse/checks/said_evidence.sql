-- The surface of every name, quotation and citation stands in its paragraph at its offsets.
SELECT e.what, e.article_id, e.paragraph_no, e.surface
FROM (
    SELECT 'name' AS what, article_id, paragraph_no, char_start, char_end, surface FROM actor_mentions
    UNION ALL
    SELECT 'quotation', article_id, paragraph_no, char_start, char_end, surface FROM quotations
    UNION ALL
    SELECT 'citation', article_id, paragraph_no, char_start, char_end, surface FROM citations
) AS e
LEFT JOIN paragraphs AS p USING (article_id, paragraph_no)
WHERE p.text IS NULL OR e.char_start < 0 OR substr(p.text, e.char_start + 1, e.char_end - e.char_start) <> e.surface;
