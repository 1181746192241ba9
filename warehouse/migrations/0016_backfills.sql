-- Going back through the archives of sources: how far each has come, so that one which is killed goes on from there; and
-- what of the stored bytes was let go.

CREATE TABLE backfills (
    source_id VARCHAR NOT NULL,
    since DATE,
    until DATE,
    started_at TIMESTAMPTZ NOT NULL,
    read_at TIMESTAMPTZ
);
COMMENT ON TABLE backfills IS 'The last backfill of each source.';
COMMENT ON COLUMN backfills.source_id IS 'The source.';
COMMENT ON COLUMN backfills.since IS 'First day of publication that was asked for; null for any.';
COMMENT ON COLUMN backfills.until IS 'Last day; null for any.';
COMMENT ON COLUMN backfills.started_at IS 'When it was begun.';
COMMENT ON COLUMN backfills.read_at IS 'When all lists of its archive had been read; null before.';

CREATE TABLE archive_pages (
    source_id VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    turn INTEGER NOT NULL,
    read_at TIMESTAMPTZ,
    entries INTEGER,
    error VARCHAR
);
COMMENT ON TABLE archive_pages IS 'Pages of lists that the last backfill of each source reads: of listings, sitemaps, feeds and APIs.';
COMMENT ON COLUMN archive_pages.source_id IS 'The source.';
COMMENT ON COLUMN archive_pages.url IS 'Address of the list.';
COMMENT ON COLUMN archive_pages.kind IS 'What it is: listing, sitemap, feed, wordpress or api.';
COMMENT ON COLUMN archive_pages.turn IS 'Lists of a later turn are read only where those of earlier ones gave nothing.';
COMMENT ON COLUMN archive_pages.read_at IS 'When it was read; null while it waits.';
COMMENT ON COLUMN archive_pages.entries IS 'How many addresses it lists that may be articles.';
COMMENT ON COLUMN archive_pages.error IS 'Why it could not be read at the last try.';

CREATE TABLE pruned (
    raw_hash VARCHAR NOT NULL,
    pruned_at TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE pruned IS 'Bytes that were let go by `commentary prune`, since no current version of an article needs them.';
COMMENT ON COLUMN pruned.raw_hash IS 'SHA-256 of the bytes.';
COMMENT ON COLUMN pruned.pruned_at IS 'When they went.';
