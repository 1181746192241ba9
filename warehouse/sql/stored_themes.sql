SELECT paragraph_no, theme_id, framing, score, surface, char_start, char_end, cues
FROM theme_mentions
WHERE article_id = ?
ORDER BY paragraph_no, score DESC, theme_id;
