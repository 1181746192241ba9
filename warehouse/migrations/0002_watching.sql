-- What watching the sources remembers: how each is configured and how it went, its endpoints, robots.txt, the pages
-- that were fetched, and of each candidate and request all that was known.

ALTER TABLE sources ADD COLUMN address VARCHAR;
ALTER TABLE sources ADD COLUMN sector VARCHAR;
ALTER TABLE sources ADD COLUMN include VARCHAR[];
ALTER TABLE sources ADD COLUMN exclude VARCHAR[];
ALTER TABLE sources ADD COLUMN language VARCHAR;
ALTER TABLE sources ADD COLUMN selector VARCHAR;
ALTER TABLE sources ADD COLUMN verified BOOLEAN;
ALTER TABLE sources ADD COLUMN status VARCHAR;
ALTER TABLE sources ADD COLUMN detail VARCHAR;
ALTER TABLE sources ADD COLUMN probed_at TIMESTAMPTZ;
ALTER TABLE sources ADD COLUMN next_probe_at TIMESTAMPTZ;
ALTER TABLE sources ADD COLUMN last_ok_at TIMESTAMPTZ;
ALTER TABLE sources ADD COLUMN failures INTEGER;
COMMENT ON COLUMN sources.kind IS 'What its address is: site, section, feed, sitemap, wordpress, wix, or seeds for a folder of files.';
COMMENT ON COLUMN sources.address IS 'Address that watching starts from.';
COMMENT ON COLUMN sources.sector IS 'What the publisher is, such as think tank or law firm.';
COMMENT ON COLUMN sources.include IS 'Patterns, one of which an address must match; empty for any.';
COMMENT ON COLUMN sources.exclude IS 'Patterns, none of which an address may match.';
COMMENT ON COLUMN sources.language IS 'Language of the source as an ISO 639-1 code.';
COMMENT ON COLUMN sources.selector IS 'CSS selector of the main text where the general way of reading fails.';
COMMENT ON COLUMN sources.verified IS 'Whether its address has been seen to answer.';
COMMENT ON COLUMN sources.status IS 'How its last check went: new, ok, unreachable, forbidden or nothing_found; null if never checked.';
COMMENT ON COLUMN sources.detail IS 'What was found or what failed, for a person.';
COMMENT ON COLUMN sources.probed_at IS 'When its endpoints were last looked for.';
COMMENT ON COLUMN sources.next_probe_at IS 'When they are looked for again.';
COMMENT ON COLUMN sources.last_ok_at IS 'When it last answered well.';
COMMENT ON COLUMN sources.failures IS 'Failed checks since then.';

CREATE TABLE endpoints (
    source_id VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    found_by VARCHAR NOT NULL,
    etag VARCHAR,
    last_modified VARCHAR,
    body_hash VARCHAR,
    first_seen_at TIMESTAMPTZ NOT NULL,
    received_at TIMESTAMPTZ,
    checked_at TIMESTAMPTZ,
    changed_at TIMESTAMPTZ,
    interval_s DOUBLE NOT NULL,
    next_check_at TIMESTAMPTZ NOT NULL,
    not_before TIMESTAMPTZ,
    entries INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    last_status INTEGER,
    last_error VARCHAR,
    retired BOOLEAN NOT NULL
);
COMMENT ON TABLE endpoints IS 'Addresses that tell of new articles: feeds, sitemaps, listings, APIs.';
COMMENT ON COLUMN endpoints.source_id IS 'Source that it belongs to.';
COMMENT ON COLUMN endpoints.url IS 'Its address.';
COMMENT ON COLUMN endpoints.kind IS 'feed, sitemap, listing or wordpress.';
COMMENT ON COLUMN endpoints.role IS 'watch for noticing new articles, backfill for what the watch missed.';
COMMENT ON COLUMN endpoints.found_by IS 'What led to it.';
COMMENT ON COLUMN endpoints.etag IS 'ETag of its last answer.';
COMMENT ON COLUMN endpoints.last_modified IS 'Last-Modified of its last answer.';
COMMENT ON COLUMN endpoints.body_hash IS 'SHA-256 of its last body.';
COMMENT ON COLUMN endpoints.first_seen_at IS 'When it was found.';
COMMENT ON COLUMN endpoints.received_at IS 'When a whole body last came.';
COMMENT ON COLUMN endpoints.checked_at IS 'When it was last asked.';
COMMENT ON COLUMN endpoints.changed_at IS 'When it last brought a change.';
COMMENT ON COLUMN endpoints.interval_s IS 'Pace learned so far, in seconds.';
COMMENT ON COLUMN endpoints.next_check_at IS 'When that pace asks again.';
COMMENT ON COLUMN endpoints.not_before IS 'Earliest time that the server allows.';
COMMENT ON COLUMN endpoints.entries IS 'Entries in its last body.';
COMMENT ON COLUMN endpoints.failures IS 'Failures since it last answered well.';
COMMENT ON COLUMN endpoints.last_status IS 'HTTP status of the last answer.';
COMMENT ON COLUMN endpoints.last_error IS 'Last error; null after a success.';
COMMENT ON COLUMN endpoints.retired IS 'Whether it is asked no more until its source is probed anew.';

CREATE TABLE robots (
    origin VARCHAR NOT NULL,
    fetched_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    status INTEGER,
    body VARCHAR,
    body_at TIMESTAMPTZ,
    unreachable_since TIMESTAMPTZ,
    not_before TIMESTAMPTZ
);
COMMENT ON TABLE robots IS 'The robots.txt of each site, as kept by RFC 9309.';
COMMENT ON COLUMN robots.origin IS 'Scheme, host and port.';
COMMENT ON COLUMN robots.fetched_at IS 'When it was last asked for.';
COMMENT ON COLUMN robots.expires_at IS 'When it is asked for again.';
COMMENT ON COLUMN robots.status IS 'HTTP status of the last try; null where no answer came.';
COMMENT ON COLUMN robots.body IS 'Last copy that could be read; empty where there is none to obey.';
COMMENT ON COLUMN robots.body_at IS 'When that copy was fetched.';
COMMENT ON COLUMN robots.unreachable_since IS 'Since when it fails by fault of the server or network; null if it does not.';
COMMENT ON COLUMN robots.not_before IS 'Earliest time that the site lets itself be asked again.';

CREATE TABLE pages (
    url VARCHAR NOT NULL,
    fetch_url VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    etag VARCHAR,
    last_modified VARCHAR,
    body_hash VARCHAR,
    first_fetched_at TIMESTAMPTZ NOT NULL,
    checked_at TIMESTAMPTZ NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL,
    rereads INTEGER NOT NULL,
    next_read_at TIMESTAMPTZ,
    gone_at TIMESTAMPTZ
);
COMMENT ON TABLE pages IS 'Pages that were fetched, with what reading them again for edits needs.';
COMMENT ON COLUMN pages.url IS 'Address that the page is known by.';
COMMENT ON COLUMN pages.fetch_url IS 'Address that is asked for.';
COMMENT ON COLUMN pages.source_id IS 'Source that led to it.';
COMMENT ON COLUMN pages.etag IS 'ETag of the copy kept.';
COMMENT ON COLUMN pages.last_modified IS 'Last-Modified of the copy kept.';
COMMENT ON COLUMN pages.body_hash IS 'SHA-256 of the copy kept.';
COMMENT ON COLUMN pages.first_fetched_at IS 'When it was first fetched.';
COMMENT ON COLUMN pages.checked_at IS 'When it was last asked for.';
COMMENT ON COLUMN pages.changed_at IS 'When its bytes last changed.';
COMMENT ON COLUMN pages.rereads IS 'How often it was read again.';
COMMENT ON COLUMN pages.next_read_at IS 'When it is read again; null if never.';
COMMENT ON COLUMN pages.gone_at IS 'When the server said that it exists no longer; its article stays.';

ALTER TABLE candidates ADD COLUMN fetch_url VARCHAR;
ALTER TABLE candidates ADD COLUMN found_on VARCHAR;
ALTER TABLE candidates ADD COLUMN published_hint TIMESTAMPTZ;
ALTER TABLE candidates ADD COLUMN modified_hint TIMESTAMPTZ;
ALTER TABLE candidates ADD COLUMN priority DOUBLE;
ALTER TABLE candidates ADD COLUMN article_id VARCHAR;
ALTER TABLE candidates ADD COLUMN decided_at TIMESTAMPTZ;
ALTER TABLE candidates ADD COLUMN overruled VARCHAR;
COMMENT ON COLUMN candidates.fetch_url IS 'Address that is asked for; url is the page''s identity.';
COMMENT ON COLUMN candidates.found_on IS 'Address of the endpoint that announced it.';
COMMENT ON COLUMN candidates.published_hint IS 'Publication time that the endpoint claims.';
COMMENT ON COLUMN candidates.modified_hint IS 'Time of change that the endpoint claims.';
COMMENT ON COLUMN candidates.priority IS 'Order of fetching within a run, greater first.';
COMMENT ON COLUMN candidates.article_id IS 'The article that it became or repeats.';
COMMENT ON COLUMN candidates.decided_at IS 'When its status was set.';
COMMENT ON COLUMN candidates.overruled IS 'accept or reject where an operator overruled the judgement; null otherwise.';

ALTER TABLE fetches ADD COLUMN fetch_url VARCHAR;
ALTER TABLE fetches ADD COLUMN final_url VARCHAR;
ALTER TABLE fetches ADD COLUMN source_id VARCHAR;
ALTER TABLE fetches ADD COLUMN purpose VARCHAR;
ALTER TABLE fetches ADD COLUMN reason VARCHAR;
ALTER TABLE fetches ADD COLUMN redirects VARCHAR[];
ALTER TABLE fetches ADD COLUMN reason_phrase VARCHAR;
ALTER TABLE fetches ADD COLUMN headers VARCHAR[];
ALTER TABLE fetches ADD COLUMN wire_bytes BIGINT;
ALTER TABLE fetches ADD COLUMN media VARCHAR;
ALTER TABLE fetches ADD COLUMN content_type VARCHAR;
ALTER TABLE fetches ADD COLUMN encoding VARCHAR;
ALTER TABLE fetches ADD COLUMN retry_after TIMESTAMPTZ;
ALTER TABLE fetches ADD COLUMN fresh_until TIMESTAMPTZ;
ALTER TABLE fetches ADD COLUMN address VARCHAR;
ALTER TABLE fetches ADD COLUMN sent BOOLEAN;
ALTER TABLE fetches ADD COLUMN error_type VARCHAR;
COMMENT ON COLUMN fetches.url IS 'Address that the answer is booked under.';
COMMENT ON COLUMN fetches.fetched_at IS 'When the answer was complete.';
COMMENT ON COLUMN fetches.fetch_url IS 'Address that went on the wire.';
COMMENT ON COLUMN fetches.final_url IS 'Address after redirects.';
COMMENT ON COLUMN fetches.source_id IS 'Source that it was asked for.';
COMMENT ON COLUMN fetches.purpose IS 'article, home, feed, sitemap, listing, wordpress or robots.';
COMMENT ON COLUMN fetches.reason IS 'Why it was due: new, retry or reread.';
COMMENT ON COLUMN fetches.redirects IS 'Each redirect as status, address and location, separated by spaces.';
COMMENT ON COLUMN fetches.reason_phrase IS 'Reason phrase of the last answer.';
COMMENT ON COLUMN fetches.headers IS 'Headers worth keeping, as name: value; never cookies.';
COMMENT ON COLUMN fetches.wire_bytes IS 'Length of the bodies as received, before decompression, over all redirects.';
COMMENT ON COLUMN fetches.media IS 'What the body is: html, pdf, xml, json, text, gzip, binary or empty.';
COMMENT ON COLUMN fetches.content_type IS 'Content-Type of the answer.';
COMMENT ON COLUMN fetches.encoding IS 'Character encoding that the header declares.';
COMMENT ON COLUMN fetches.retry_after IS 'Earliest time that the server asked to be left alone until.';
COMMENT ON COLUMN fetches.fresh_until IS 'Until when the server declared the answer fresh.';
COMMENT ON COLUMN fetches.address IS 'Network address that was connected to.';
COMMENT ON COLUMN fetches.sent IS 'Whether anything went out on the network.';
COMMENT ON COLUMN fetches.error_type IS 'Kind of the error, one word; null if nothing went wrong.';

ALTER TABLE themes ADD COLUMN not_when VARCHAR;
COMMENT ON COLUMN themes.not_when IS 'What belongs to another theme instead.';
