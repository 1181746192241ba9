SELECT paragraph_no, kind, text
FROM paragraphs
WHERE article_id = ?
ORDER BY paragraph_no;
