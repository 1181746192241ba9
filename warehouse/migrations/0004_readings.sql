-- Which bytes of a page have been read: what was fetched and not read yet is taken up by the next run, from the raw
-- store, so that no page is asked for twice since a run was killed in between.

CREATE TABLE readings (
    url VARCHAR NOT NULL,
    raw_hash VARCHAR NOT NULL,
    read_at TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE readings IS 'The bytes of each page that were read and judged last.';
COMMENT ON COLUMN readings.url IS 'Address that the page is known by, as in pages.';
COMMENT ON COLUMN readings.raw_hash IS 'SHA-256 of those bytes, in the raw store.';
COMMENT ON COLUMN readings.read_at IS 'When they were read.';
