SELECT
    figure_id, paragraph_no, char_start, char_end, surface, kind, value, value_low, value_high, unit, qualifier,
    period_start, period_end, period_text, measure, base, change, change_from, attribution, subject
FROM figures
WHERE article_id = ?
ORDER BY paragraph_no, char_start;
