-- Pairs of figures on the same measure and period that cannot both be right, the furthest apart first, $conflicts at most.
SELECT
    kind,
    unit,
    measure_a,
    period_start,
    period_end,
    value_a,
    value_b,
    publisher_a,
    publisher_b,
    url_a,
    url_b
FROM v_figure_conflicts
ORDER BY ratio DESC NULLS LAST, series, figure_a, figure_b
LIMIT $conflicts
