-- Measures on which figures of the same period cannot all be right, $conflicts at most: of each the pair furthest apart.
WITH furthest AS (
    SELECT * FROM v_figure_conflicts
    QUALIFY row_number() OVER (
        PARTITION BY series, kind, unit, period_start, period_end ORDER BY ratio DESC NULLS LAST, figure_a, figure_b
    ) = 1
)
SELECT
    kind,
    unit,
    measure_a,  -- in the words of the text that value_a comes from
    period_start,
    period_end,
    value_a,  -- in whole units
    value_b,
    publisher_a,
    publisher_b,
    url_a,
    url_b
FROM furthest
ORDER BY ratio DESC NULLS LAST, series, figure_a, figure_b
LIMIT $conflicts
