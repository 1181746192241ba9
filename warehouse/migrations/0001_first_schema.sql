-- The first schema: sources, articles with their versions and evidence, candidates, fetches, runs and failures.
-- No foreign keys: DuckDB refuses to replace a parent row that has children in the same transaction. No primary keys:
-- a lake has none, and writing the indexes of tables that grow with the articles at each checkpoint would make loading a
-- thousand articles five times as slow at 20,000 as at 1,000. Orphans and repeated keys are found by warehouse/checks
-- instead. (Files of releases up to schema 17 have keys on the small tables, and go on with them.)
-- Names: `_on` is a date, `_at` a moment in UTC, `_no` counts from 1.

CREATE TABLE sources (
    source_id VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    homepage VARCHAR,
    kind VARCHAR NOT NULL,
    enabled BOOLEAN NOT NULL
);
COMMENT ON TABLE sources IS 'Places that commentary comes from: the folder of seed articles and the sites that are watched.';
COMMENT ON COLUMN sources.source_id IS 'Short name of the source, as in the file of sources.';
COMMENT ON COLUMN sources.name IS 'Name for readers.';
COMMENT ON COLUMN sources.homepage IS 'Address of the source; null for a folder of files.';
COMMENT ON COLUMN sources.kind IS 'How articles are found there: seeds, auto, feed, sitemap, listing, wordpress.';
COMMENT ON COLUMN sources.enabled IS 'Whether the source is watched at present; a source that left the file is kept and switched off.';

CREATE TABLE articles (
    article_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    title VARCHAR,
    title_method VARCHAR,
    publisher VARCHAR,
    publisher_method VARCHAR,
    authors VARCHAR[] NOT NULL,
    authors_method VARCHAR,
    published_on DATE,
    published_precision VARCHAR,
    published_method VARCHAR,
    language VARCHAR,
    canonical_url VARCHAR,
    word_count INTEGER NOT NULL,
    relevance DOUBLE NOT NULL,
    relevance_reasons VARCHAR[] NOT NULL,
    duplicate_of VARCHAR,
    version INTEGER NOT NULL,
    content_hash VARCHAR NOT NULL,
    findings_hash VARCHAR NOT NULL,
    raw_hash VARCHAR NOT NULL,
    content_type VARCHAR NOT NULL,
    first_seen_at TIMESTAMPTZ NOT NULL,
    fetched_at TIMESTAMPTZ NOT NULL,
    extractor_version VARCHAR NOT NULL,
    codebook_version VARCHAR NOT NULL
);
COMMENT ON TABLE articles IS 'Commentary articles, one row each, in their current version.';
COMMENT ON COLUMN articles.article_id IS 'Stable identifier: 16 hexadecimal digits of the SHA-256 of the canonical address it was first known under.';
COMMENT ON COLUMN articles.source_id IS 'Source that the article was found at.';
COMMENT ON COLUMN articles.url IS 'Address to open it at; all others are in article_addresses.';
COMMENT ON COLUMN articles.title IS 'Title as the article states it; null where it states none.';
COMMENT ON COLUMN articles.title_method IS 'What gave the title, such as header, h1, json-ld.';
COMMENT ON COLUMN articles.publisher IS 'Who published it, as stated by the article or its source.';
COMMENT ON COLUMN articles.publisher_method IS 'What gave the publisher.';
COMMENT ON COLUMN articles.authors IS 'Authors in the order stated; empty where none is.';
COMMENT ON COLUMN articles.authors_method IS 'What gave the authors.';
COMMENT ON COLUMN articles.published_on IS 'Date of publication; the first day of the month or year where no more is known; null if unknown.';
COMMENT ON COLUMN articles.published_precision IS 'How exact published_on is: day, month or year.';
COMMENT ON COLUMN articles.published_method IS 'What gave the date, such as header, json-ld, meta, time, visible, url.';
COMMENT ON COLUMN articles.language IS 'Language as an ISO 639-1 code; null if unknown.';
COMMENT ON COLUMN articles.canonical_url IS 'Address that the page itself names as canonical.';
COMMENT ON COLUMN articles.word_count IS 'White-space separated words over all paragraphs.';
COMMENT ON COLUMN articles.relevance IS 'How much it is commentary on NHS and independent-sector partnership, 0 to 1.';
COMMENT ON COLUMN articles.relevance_reasons IS 'Why it was judged so, strongest reason first.';
COMMENT ON COLUMN articles.duplicate_of IS 'The earlier article that this one nearly repeats; null for an original.';
COMMENT ON COLUMN articles.version IS 'Number of the current version, from 1; a new one for each edit of the text.';
COMMENT ON COLUMN articles.content_hash IS 'Hash of what a reader sees: title, authors, date, publisher, paragraphs.';
COMMENT ON COLUMN articles.findings_hash IS 'Hash of what was found in it and by which extractors, to tell whether recoding changed anything.';
COMMENT ON COLUMN articles.raw_hash IS 'SHA-256 of the bytes that this version was read from, in the raw store.';
COMMENT ON COLUMN articles.content_type IS 'Media type of those bytes.';
COMMENT ON COLUMN articles.first_seen_at IS 'When the article was first loaded, by the time of its fetch.';
COMMENT ON COLUMN articles.fetched_at IS 'When the bytes of the present row were fetched; a later fetch that changed nothing is only in fetches.';
COMMENT ON COLUMN articles.extractor_version IS 'Version of the extractors that coded it.';
COMMENT ON COLUMN articles.codebook_version IS 'Version of the codebook that it was coded by.';

CREATE TABLE article_addresses (
    url VARCHAR NOT NULL,
    article_id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL
);
COMMENT ON TABLE article_addresses IS 'Every address that an article is known under, so that none is loaded twice.';
COMMENT ON COLUMN article_addresses.url IS 'The address; it belongs to one article only.';
COMMENT ON COLUMN article_addresses.article_id IS 'The article at that address.';
COMMENT ON COLUMN article_addresses.kind IS 'main for the address in articles.url, alias for any other.';

CREATE TABLE article_versions (
    article_id VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    content_hash VARCHAR NOT NULL,
    seen_at TIMESTAMPTZ NOT NULL,
    raw_hash VARCHAR NOT NULL,
    title VARCHAR,
    text VARCHAR
);
COMMENT ON TABLE article_versions IS 'Every version of every article, the current one included.';
COMMENT ON COLUMN article_versions.article_id IS 'The article.';
COMMENT ON COLUMN article_versions.version IS 'Number of the version, from 1 in the order seen.';
COMMENT ON COLUMN article_versions.content_hash IS 'Hash of what a reader sees in this version.';
COMMENT ON COLUMN article_versions.seen_at IS 'When this version was first fetched.';
COMMENT ON COLUMN article_versions.raw_hash IS 'SHA-256 of its bytes in the raw store.';
COMMENT ON COLUMN article_versions.title IS 'Its title.';
COMMENT ON COLUMN article_versions.text IS 'Its paragraphs separated by blank lines; null where an article changes so often that only its first and its latest texts are kept here.';

CREATE TABLE paragraphs (
    article_id VARCHAR NOT NULL,
    paragraph_no INTEGER NOT NULL,
    kind VARCHAR NOT NULL,
    text VARCHAR NOT NULL
);
COMMENT ON TABLE paragraphs IS 'The paragraphs of the current version of each article: the unit that themes are coded in.';
COMMENT ON COLUMN paragraphs.article_id IS 'The article.';
COMMENT ON COLUMN paragraphs.paragraph_no IS 'Place in the article, from 1.';
COMMENT ON COLUMN paragraphs.kind IS 'heading, prose, list_item, quote or caption.';
COMMENT ON COLUMN paragraphs.text IS 'The text, without line breaks; evidence offsets count its Unicode code points from 0.';

CREATE TABLE themes (
    theme_id VARCHAR NOT NULL,
    label VARCHAR NOT NULL,
    family VARCHAR NOT NULL,
    definition VARCHAR NOT NULL
);
COMMENT ON TABLE themes IS 'The codebook: what an article can be coded with.';
COMMENT ON COLUMN themes.theme_id IS 'Short name of the theme.';
COMMENT ON COLUMN themes.label IS 'Name for readers.';
COMMENT ON COLUMN themes.family IS 'Group of themes: relationship, money, delivery, system or change.';
COMMENT ON COLUMN themes.definition IS 'What a paragraph says that is coded with it.';

CREATE TABLE theme_mentions (
    article_id VARCHAR NOT NULL,
    paragraph_no INTEGER NOT NULL,
    theme_id VARCHAR NOT NULL,
    framing VARCHAR NOT NULL,
    score DOUBLE NOT NULL,
    surface VARCHAR NOT NULL,
    char_start INTEGER NOT NULL,
    char_end INTEGER NOT NULL,
    sentence_start INTEGER NOT NULL,
    sentence_end INTEGER NOT NULL,
    cues VARCHAR[] NOT NULL
);
COMMENT ON TABLE theme_mentions IS 'One row for each theme that a paragraph says something about, with its strongest evidence.';
COMMENT ON COLUMN theme_mentions.article_id IS 'The article.';
COMMENT ON COLUMN theme_mentions.paragraph_no IS 'The paragraph.';
COMMENT ON COLUMN theme_mentions.theme_id IS 'The theme.';
COMMENT ON COLUMN theme_mentions.framing IS 'How the paragraph puts it: problem, benefit, proposal or context.';
COMMENT ON COLUMN theme_mentions.score IS 'Summed weight of the cues that fired; above the threshold of the theme.';
COMMENT ON COLUMN theme_mentions.surface IS 'The words that are the strongest evidence.';
COMMENT ON COLUMN theme_mentions.char_start IS 'Where they start in the text of the paragraph, from 0, in code points.';
COMMENT ON COLUMN theme_mentions.char_end IS 'Where they end, exclusive.';
COMMENT ON COLUMN theme_mentions.sentence_start IS 'Where the sentence around it starts in the text of the paragraph.';
COMMENT ON COLUMN theme_mentions.sentence_end IS 'Where that sentence ends, exclusive.';
COMMENT ON COLUMN theme_mentions.cues IS 'Every cue that fired, strongest first.';

CREATE TABLE figures (
    figure_id VARCHAR NOT NULL,
    article_id VARCHAR NOT NULL,
    paragraph_no INTEGER NOT NULL,
    char_start INTEGER NOT NULL,
    char_end INTEGER NOT NULL,
    sentence_start INTEGER NOT NULL,
    sentence_end INTEGER NOT NULL,
    surface VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    value DOUBLE NOT NULL,
    value_low DOUBLE,
    value_high DOUBLE,
    unit VARCHAR,
    qualifier VARCHAR NOT NULL,
    period_start DATE,
    period_end DATE,
    period_text VARCHAR,
    measure VARCHAR,
    base VARCHAR,
    change VARCHAR,
    change_from VARCHAR,
    attribution VARCHAR
);
COMMENT ON TABLE figures IS 'Every quantity that an article states, normalised, with its evidence.';
COMMENT ON COLUMN figures.figure_id IS 'The article, paragraph and first character of the figure, as in 0123456789abcdef-p11-174.';
COMMENT ON COLUMN figures.article_id IS 'The article.';
COMMENT ON COLUMN figures.paragraph_no IS 'The paragraph.';
COMMENT ON COLUMN figures.char_start IS 'Where the figure starts in the text of the paragraph, from 0, in code points.';
COMMENT ON COLUMN figures.char_end IS 'Where it ends, exclusive.';
COMMENT ON COLUMN figures.sentence_start IS 'Where the sentence around it starts in the text of the paragraph.';
COMMENT ON COLUMN figures.sentence_end IS 'Where that sentence ends, exclusive.';
COMMENT ON COLUMN figures.surface IS 'The figure in the words of the text.';
COMMENT ON COLUMN figures.kind IS 'money, percent, count, fraction, duration, rate or multiple.';
COMMENT ON COLUMN figures.value IS 'The value in whole units: pounds rather than millions, per cent as 6.3, fractions as 0.125.';
COMMENT ON COLUMN figures.value_low IS 'Lower bound; equal to value for a single number, null where open.';
COMMENT ON COLUMN figures.value_high IS 'Upper bound; equal to value for a single number, null where open.';
COMMENT ON COLUMN figures.unit IS 'ISO 4217 code, %, pp, a unit of time, a singular noun, or two of them joined by a slash; null where the text names none.';
COMMENT ON COLUMN figures.qualifier IS 'exact, about, at_least or at_most.';
COMMENT ON COLUMN figures.period_start IS 'First day of the time that the quantity is about; null if unknown or open.';
COMMENT ON COLUMN figures.period_end IS 'Last day of that time; null if unknown or open.';
COMMENT ON COLUMN figures.period_text IS 'The words that gave the period.';
COMMENT ON COLUMN figures.measure IS 'What the number measures, in the words of the text.';
COMMENT ON COLUMN figures.base IS 'For per cent and fractions, the whole that it is of.';
COMMENT ON COLUMN figures.change IS 'increase or decrease where the number is a level after a move, or the size of a move.';
COMMENT ON COLUMN figures.change_from IS 'The figure that it moved from, in the same article.';
COMMENT ON COLUMN figures.attribution IS 'Who states it, where the text says.';

CREATE TABLE version_changes (
    article_id VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    change_no INTEGER NOT NULL,
    kind VARCHAR NOT NULL,
    change VARCHAR NOT NULL,
    subject VARCHAR NOT NULL,
    before VARCHAR,
    after VARCHAR
);
COMMENT ON TABLE version_changes IS 'What an edit changed in the figures and themes of an article.';
COMMENT ON COLUMN version_changes.article_id IS 'The article.';
COMMENT ON COLUMN version_changes.version IS 'The version that the edit made; compared with the one before.';
COMMENT ON COLUMN version_changes.change_no IS 'Place among the changes of that version, from 1.';
COMMENT ON COLUMN version_changes.kind IS 'figure or theme.';
COMMENT ON COLUMN version_changes.change IS 'added, removed or changed.';
COMMENT ON COLUMN version_changes.subject IS 'What changed: the measure or words of a figure, the identifier of a theme.';
COMMENT ON COLUMN version_changes.before IS 'How it was; null if added.';
COMMENT ON COLUMN version_changes.after IS 'How it is; null if removed.';

CREATE TABLE article_signatures (
    article_id VARCHAR NOT NULL,
    content_hash VARCHAR NOT NULL,
    signature BLOB NOT NULL
);
COMMENT ON TABLE article_signatures IS 'Signatures of the texts, by which near-duplicates are found.';
COMMENT ON COLUMN article_signatures.article_id IS 'The article.';
COMMENT ON COLUMN article_signatures.content_hash IS 'Hash of the content that was signed.';
COMMENT ON COLUMN article_signatures.signature IS 'The signature, in the form of extractors.relevance.';

CREATE TABLE emerging_terms (
    term VARCHAR NOT NULL,
    recent_count INTEGER NOT NULL,
    earlier_count INTEGER NOT NULL,
    score DOUBLE NOT NULL,
    article_id VARCHAR NOT NULL,
    paragraph_no INTEGER NOT NULL,
    char_start INTEGER NOT NULL,
    char_end INTEGER NOT NULL
);
COMMENT ON TABLE emerging_terms IS 'Terms that rise in recent articles and belong to no theme yet, with an example each.';
COMMENT ON COLUMN emerging_terms.term IS 'The term in lower case.';
COMMENT ON COLUMN emerging_terms.recent_count IS 'Articles of the recent period that use it.';
COMMENT ON COLUMN emerging_terms.earlier_count IS 'Articles of the earlier period that use it.';
COMMENT ON COLUMN emerging_terms.score IS 'How strongly it rises; higher is stronger.';
COMMENT ON COLUMN emerging_terms.article_id IS 'Article of the example.';
COMMENT ON COLUMN emerging_terms.paragraph_no IS 'Paragraph of the example.';
COMMENT ON COLUMN emerging_terms.char_start IS 'Where the term starts in the text of the paragraph, from 0, in code points.';
COMMENT ON COLUMN emerging_terms.char_end IS 'Where it ends, exclusive.';

CREATE TABLE candidates (
    url VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    title VARCHAR,
    found_at TIMESTAMPTZ NOT NULL,
    found_by VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    reason VARCHAR,
    relevance DOUBLE
);
COMMENT ON TABLE candidates IS 'Every address that a source led to, and what became of it.';
COMMENT ON COLUMN candidates.url IS 'The address, normalised.';
COMMENT ON COLUMN candidates.source_id IS 'Source that led to it.';
COMMENT ON COLUMN candidates.title IS 'Title by which it was announced.';
COMMENT ON COLUMN candidates.found_at IS 'When it was first found.';
COMMENT ON COLUMN candidates.found_by IS 'What announced it: feed, sitemap, listing, wordpress, operator.';
COMMENT ON COLUMN candidates.status IS 'new, ingested, not_similar, duplicate, disallowed, failed or gone.';
COMMENT ON COLUMN candidates.reason IS 'Why it has that status.';
COMMENT ON COLUMN candidates.relevance IS 'Its relevance, 0 to 1, once it was read.';

CREATE TABLE fetches (
    fetch_id VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    fetched_at TIMESTAMPTZ NOT NULL,
    status INTEGER,
    bytes BIGINT,
    duration_ms INTEGER,
    etag VARCHAR,
    last_modified VARCHAR,
    raw_hash VARCHAR,
    error VARCHAR
);
COMMENT ON TABLE fetches IS 'Every request that was sent, and its answer.';
COMMENT ON COLUMN fetches.fetch_id IS 'Identifier of the request.';
COMMENT ON COLUMN fetches.url IS 'Address that was asked for.';
COMMENT ON COLUMN fetches.fetched_at IS 'When the request was sent.';
COMMENT ON COLUMN fetches.status IS 'HTTP status of the last answer; null where none came.';
COMMENT ON COLUMN fetches.bytes IS 'Length of the body after decompression.';
COMMENT ON COLUMN fetches.duration_ms IS 'Time from request to the end of the body, in milliseconds.';
COMMENT ON COLUMN fetches.etag IS 'ETag of the answer, sent back the next time.';
COMMENT ON COLUMN fetches.last_modified IS 'Last-Modified of the answer, sent back the next time.';
COMMENT ON COLUMN fetches.raw_hash IS 'SHA-256 of the body in the raw store; null where none was kept.';
COMMENT ON COLUMN fetches.error IS 'What went wrong; null if nothing did.';

CREATE TABLE runs (
    run_id VARCHAR NOT NULL,
    flow_run_id VARCHAR,
    flow VARCHAR NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    finished_at TIMESTAMPTZ,
    state VARCHAR NOT NULL,
    found INTEGER NOT NULL,
    fetched INTEGER NOT NULL,
    unchanged INTEGER NOT NULL,
    ingested INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    not_similar INTEGER NOT NULL,
    failed INTEGER NOT NULL
);
COMMENT ON TABLE runs IS 'Every run of the pipeline with what it did.';
COMMENT ON COLUMN runs.run_id IS 'Identifier of the run.';
COMMENT ON COLUMN runs.flow_run_id IS 'Its identifier on the Prefect server.';
COMMENT ON COLUMN runs.flow IS 'Name of the flow.';
COMMENT ON COLUMN runs.started_at IS 'When it started.';
COMMENT ON COLUMN runs.finished_at IS 'When it ended; null while it runs or if it was killed.';
COMMENT ON COLUMN runs.state IS 'running, completed, failed, or crashed for one that was found unfinished by a later run.';
COMMENT ON COLUMN runs.found IS 'New candidates found.';
COMMENT ON COLUMN runs.fetched IS 'Pages and files read.';
COMMENT ON COLUMN runs.unchanged IS 'Articles that were as before.';
COMMENT ON COLUMN runs.ingested IS 'New articles.';
COMMENT ON COLUMN runs.updated IS 'Articles whose text or findings changed.';
COMMENT ON COLUMN runs.not_similar IS 'Pages that were read and left out.';
COMMENT ON COLUMN runs.failed IS 'Items that failed.';

CREATE TABLE failures (
    url VARCHAR NOT NULL,
    stage VARCHAR NOT NULL,
    error_type VARCHAR NOT NULL,
    message VARCHAR NOT NULL,
    attempts INTEGER NOT NULL,
    first_at TIMESTAMPTZ NOT NULL,
    last_at TIMESTAMPTZ NOT NULL,
    next_try_at TIMESTAMPTZ
);
COMMENT ON TABLE failures IS 'What could not be fetched, read or loaded and has not succeeded since.';
COMMENT ON COLUMN failures.url IS 'Address or file name.';
COMMENT ON COLUMN failures.stage IS 'discover, fetch, read, extract or load.';
COMMENT ON COLUMN failures.error_type IS 'Kind of the error, one word.';
COMMENT ON COLUMN failures.message IS 'What went wrong and the way out, for a person.';
COMMENT ON COLUMN failures.attempts IS 'How often it was tried.';
COMMENT ON COLUMN failures.first_at IS 'When it failed first.';
COMMENT ON COLUMN failures.last_at IS 'When it failed last.';
COMMENT ON COLUMN failures.next_try_at IS 'When it is tried again; null if never.';

CREATE TABLE snapshot (
    content_version INTEGER NOT NULL,
    published_at TIMESTAMPTZ NOT NULL,
    schema_version INTEGER NOT NULL
);
COMMENT ON TABLE snapshot IS 'One row: which state of the warehouse this file is.';
COMMENT ON COLUMN snapshot.content_version IS 'Counts the published states; a later snapshot has a higher one.';
COMMENT ON COLUMN snapshot.published_at IS 'When it was published.';
COMMENT ON COLUMN snapshot.schema_version IS 'Number of the last migration.';

CREATE TABLE snapshot_tables (
    table_name VARCHAR NOT NULL,
    row_count BIGINT NOT NULL,
    fingerprint VARCHAR NOT NULL
);
COMMENT ON TABLE snapshot_tables IS 'Rows and fingerprint of each table at the time of publishing, which tie the tables of a snapshot together.';
COMMENT ON COLUMN snapshot_tables.table_name IS 'The table.';
COMMENT ON COLUMN snapshot_tables.row_count IS 'Its number of rows.';
COMMENT ON COLUMN snapshot_tables.fingerprint IS 'A hash over all its rows in any order.';
