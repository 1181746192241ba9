-- The value of a figure lies within its bounds, and its period does not end before it starts.
SELECT article_id, figure_id, value_low, value, value_high, period_start, period_end
FROM figures
WHERE value_low > value_high OR value < value_low OR value > value_high OR period_start > period_end
    OR NOT isfinite(value);
