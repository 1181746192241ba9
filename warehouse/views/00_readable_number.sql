CREATE MACRO readable_number(number) AS
    CASE
        WHEN number = trunc(number) AND abs(number) < 1e15 THEN format('{:,}', number::BIGINT)
        ELSE number::VARCHAR
    END;

COMMENT ON MACRO readable_number IS 'A number for people: whole ones with thousands separated, others as they are.';
