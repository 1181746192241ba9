-- The same measure at different times: the $series series with most points, and of each its $points latest
-- points.
WITH ranked AS (
    SELECT
        *,
        count(*) OVER (PARTITION BY series, kind, unit) AS points,
        row_number() OVER (
            PARTITION BY series, kind, unit ORDER BY coalesce(period_end, period_start) DESC, published_on DESC, figure_id
        ) AS latest
    FROM v_figure_series
    WHERE length(measure) <= 100  -- a longer one is no name that a reader could take in
),
best AS (
    SELECT series, kind, unit FROM ranked GROUP BY series, kind, unit, points ORDER BY points DESC, series, kind, unit LIMIT $series
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
    ranked.points DESC, ranked.series, ranked.kind, ranked.unit,
    coalesce(ranked.period_end, ranked.period_start), ranked.period_start, ranked.figure_id
