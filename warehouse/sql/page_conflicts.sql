-- Subjects on which figures of the same period cannot all be right, $conflicts at most: of each the pair furthest apart.
WITH furthest AS (
    SELECT * FROM v_figure_conflicts
    QUALIFY row_number() OVER (
        PARTITION BY subject, kind, unit, period_start, period_end ORDER BY ratio DESC NULLS LAST, figure_a, figure_b
    ) = 1
)
SELECT
    kind,
    unit,
    subject,
    period_start,
    period_end,
    value_a,  -- in whole units
    value_b,
    publisher_a,
    publisher_b,
    url_a,
    url_b
FROM furthest
ORDER BY ratio DESC NULLS LAST, subject, figure_a, figure_b
LIMIT $conflicts
