CREATE MACRO readable_number(number) AS
    CASE
        WHEN number = trunc(number) AND abs(number) < 1e15 THEN format('{:,}', number::BIGINT)
        ELSE number::VARCHAR
    END;

COMMENT ON MACRO readable_number IS 'A number for people: whole ones with thousands separated, others as they are.';

CREATE MACRO readable_date(day, exactness) AS
    CASE exactness
        WHEN 'year' THEN strftime(day, '%Y')
        WHEN 'month' THEN strftime(day, '%Y-%m')
        ELSE day::VARCHAR
    END;

COMMENT ON MACRO readable_date IS 'A date as exactly as it is known: 2019, 2019-03 or 2019-03-04; as text these sort by time.';

CREATE MACRO last_possible_day(day, exactness) AS
    CASE exactness
        WHEN 'year' THEN make_date(year(day), 12, 31)
        WHEN 'month' THEN last_day(day)
        ELSE day
    END;

COMMENT ON MACRO last_possible_day IS 'The latest day that a date may stand for: 31 December where only the year is known.';
