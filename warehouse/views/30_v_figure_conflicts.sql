CREATE VIEW v_figure_conflicts AS
-- What a statement admits: an open bound for "over" and "up to", a twentieth either way for "about", a hundredth for
-- rounding of what is exact. Two statements conflict where they are on one measure, made in different places, and admit
-- no common value. They are on one measure where most of the telling words of the shorter statement, and two at least,
-- are in the other. `marks`, a bit a word, tells cheaply which pairs cannot be: they share no more words than bits, and
-- those that fell on one bit.
WITH stated AS MATERIALIZED (
    SELECT
        row_number() OVER (ORDER BY f.figure_id) AS place,
        array_to_string(f.measure_words, ' ') AS series,
        list_bit_or(list_transform(f.measure_words, lambda word: 1::BIGINT << (hash(word) % 62)::BIGINT)) AS marks,
        len(f.measure_words) AS words,
        words - bit_count(marks) AS on_one_bit,
        f.*,
        CASE f.qualifier
            WHEN 'at_most' THEN -inf
            WHEN 'about' THEN low - 0.05 * abs(low)
            WHEN 'at_least' THEN low
            ELSE low - 0.01 * abs(low)
        END AS admits_from,
        CASE f.qualifier
            WHEN 'at_least' THEN inf
            WHEN 'about' THEN high + 0.05 * abs(high)
            WHEN 'at_most' THEN high
            ELSE high + 0.01 * abs(high)
        END AS admits_to,
        a.publisher,
        a.published_on,
        a.url
    FROM (
        SELECT
            *, coalesce(value_low, value) AS low, coalesce(value_high, value) AS high, 'infinity'::DOUBLE AS inf
        FROM figures
    ) AS f
    JOIN articles AS a USING (article_id)
    WHERE len(f.measure_words) >= 2 AND f.period_start IS NOT NULL AND f.period_end IS NOT NULL
        AND a.duplicate_of IS NULL
),
-- The pairs are found by numbers alone; words are compared for those that are left.
possible AS MATERIALIZED (
    SELECT one.place AS place_a, other.place AS place_b
    FROM stated AS one
    JOIN stated AS other
        ON other.kind = one.kind
        AND other.unit IS NOT DISTINCT FROM one.unit
        AND other.period_start = one.period_start
        AND other.period_end = one.period_end
        AND one.place < other.place
    WHERE
        5 * (bit_count(one.marks & other.marks) + least(one.on_one_bit, other.on_one_bit))
        >= greatest(10, 3 * least(one.words, other.words))
        AND (one.admits_from > other.admits_to OR other.admits_from > one.admits_to)
)
SELECT
    one.series,
    one.kind,
    one.unit,
    one.period_start,
    one.period_end,
    one.measure AS measure_a,
    other.measure AS measure_b,
    one.value AS value_a,
    other.value AS value_b,
    round(greatest(one.value, other.value) / nullif(least(one.value, other.value), 0), 2) AS ratio,
    one.surface AS surface_a,
    other.surface AS surface_b,
    one.publisher AS publisher_a,
    other.publisher AS publisher_b,
    one.attribution AS attribution_a,
    other.attribution AS attribution_b,
    one.url AS url_a,
    other.url AS url_b,
    one.figure_id AS figure_a,
    other.figure_id AS figure_b
FROM possible
JOIN stated AS one ON one.place = possible.place_a
JOIN stated AS other ON other.place = possible.place_b
WHERE
    5 * len(list_intersect(one.measure_words, other.measure_words)) >= greatest(10, 3 * least(one.words, other.words))
    AND (one.article_id <> other.article_id OR one.paragraph_no <> other.paragraph_no)
    AND one.change_from IS DISTINCT FROM other.figure_id AND other.change_from IS DISTINCT FROM one.figure_id
ORDER BY ratio DESC NULLS LAST, one.series, one.figure_id, other.figure_id;

COMMENT ON VIEW v_figure_conflicts IS 'Pairs of figures on the same measure and period that cannot both be right; near-duplicate articles left out.';
COMMENT ON COLUMN v_figure_conflicts.series IS 'The telling words of the measure of the one.';
COMMENT ON COLUMN v_figure_conflicts.kind IS 'Kind of both figures.';
COMMENT ON COLUMN v_figure_conflicts.unit IS 'Unit of both figures.';
COMMENT ON COLUMN v_figure_conflicts.period_start IS 'First day of the time that both are about.';
COMMENT ON COLUMN v_figure_conflicts.period_end IS 'Last day of that time.';
COMMENT ON COLUMN v_figure_conflicts.measure_a IS 'Measure of the one, in the words of its text.';
COMMENT ON COLUMN v_figure_conflicts.measure_b IS 'Measure of the other.';
COMMENT ON COLUMN v_figure_conflicts.value_a IS 'Value of the one, in whole units.';
COMMENT ON COLUMN v_figure_conflicts.value_b IS 'Value of the other.';
COMMENT ON COLUMN v_figure_conflicts.ratio IS 'The larger value divided by the smaller.';
COMMENT ON COLUMN v_figure_conflicts.surface_a IS 'The one in the words of its text.';
COMMENT ON COLUMN v_figure_conflicts.surface_b IS 'The other in the words of its text.';
COMMENT ON COLUMN v_figure_conflicts.publisher_a IS 'Who published the one.';
COMMENT ON COLUMN v_figure_conflicts.publisher_b IS 'Who published the other.';
COMMENT ON COLUMN v_figure_conflicts.attribution_a IS 'Who states the one, where the text says.';
COMMENT ON COLUMN v_figure_conflicts.attribution_b IS 'Who states the other.';
COMMENT ON COLUMN v_figure_conflicts.url_a IS 'Address of the article of the one.';
COMMENT ON COLUMN v_figure_conflicts.url_b IS 'Address of the article of the other.';
COMMENT ON COLUMN v_figure_conflicts.figure_a IS 'The one.';
COMMENT ON COLUMN v_figure_conflicts.figure_b IS 'The other.';
