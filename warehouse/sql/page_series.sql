-- One subject at different times: the $series series that cover most periods, of each its $points latest periods, and
-- of each period the statement of the newest article.
WITH one_a_period AS (
    SELECT *, coalesce(period_end, period_start) AS at_date
    FROM v_figure_series
    QUALIFY row_number() OVER (
        PARTITION BY subject, kind, unit, period_start, period_end ORDER BY published_on DESC NULLS LAST, figure_id
    ) = 1
),
ranked AS (
    SELECT
        *,
        count(*) OVER (PARTITION BY subject, kind, unit) AS periods,
        row_number() OVER (PARTITION BY subject, kind, unit ORDER BY at_date DESC, period_start DESC, figure_id) AS latest
    FROM one_a_period
),
best AS (
    SELECT subject, kind, unit
    FROM ranked
    GROUP BY subject, kind, unit, periods
    ORDER BY periods DESC, subject, kind, unit
    LIMIT $series
)
SELECT
    ranked.subject,  -- by which points belong together
    ranked.kind,
    ranked.unit,
    ranked.period_start,
    ranked.period_end,
    ranked.value,
    ranked.qualifier,
    ranked.title,
    ranked.publisher,
    ranked.published_on,
    ranked.url
FROM ranked
JOIN best ON best.subject = ranked.subject AND best.kind = ranked.kind AND best.unit IS NOT DISTINCT FROM ranked.unit
WHERE ranked.latest <= $points
ORDER BY
    ranked.periods DESC, ranked.subject, ranked.kind, ranked.unit, ranked.at_date, ranked.period_start, ranked.figure_id
