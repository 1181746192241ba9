-- The same measure at different times: the $series series that cover most periods, of each its $points latest periods, and
-- of each period the statement of the newest article.
WITH one_a_period AS (
    SELECT *, coalesce(period_end, period_start) AS at_date
    FROM v_figure_series
    WHERE length(measure) <= 100  -- a longer one is no name that a reader could take in
    QUALIFY row_number() OVER (
        PARTITION BY series, kind, unit, period_start, period_end ORDER BY published_on DESC NULLS LAST, figure_id
    ) = 1
),
ranked AS (
    SELECT
        *,
        count(*) OVER (PARTITION BY series, kind, unit) AS periods,
        row_number() OVER (PARTITION BY series, kind, unit ORDER BY at_date DESC, period_start DESC, figure_id) AS latest
    FROM one_a_period
),
best AS (
    SELECT series, kind, unit
    FROM ranked
    GROUP BY series, kind, unit, periods
    ORDER BY periods DESC, series, kind, unit
    LIMIT $series
)
SELECT
    ranked.series,  -- the telling words of the measure, by which points belong together
    ranked.kind,
    ranked.unit,
    ranked.measure,  -- in the words of the text that this point comes from
    ranked.period_start,
    ranked.period_end,
    ranked.value,
    ranked.qualifier,
    ranked.title,
    ranked.publisher,
    ranked.published_on,
    ranked.url
FROM ranked
JOIN best ON best.series = ranked.series AND best.kind = ranked.kind AND best.unit IS NOT DISTINCT FROM ranked.unit
WHERE ranked.latest <= $points
ORDER BY
    ranked.periods DESC, ranked.series, ranked.kind, ranked.unit, ranked.at_date, ranked.period_start, ranked.figure_id
