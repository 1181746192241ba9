-- Which warehouse a file is of, and what it published: a run never publishes over a snapshot that its own database did
-- not come from, and a database made anew from a snapshot knows where in the journal that one ended.

CREATE TABLE lineage (warehouse_id VARCHAR NOT NULL);
COMMENT ON TABLE lineage IS 'One row: which warehouse this file is of.';
COMMENT ON COLUMN lineage.warehouse_id IS 'Random identifier, given when the warehouse was made and kept by all that comes from it.';
INSERT INTO lineage SELECT uuid()::VARCHAR;

CREATE TABLE publications (
    content_version INTEGER NOT NULL,
    published_at TIMESTAMPTZ NOT NULL,
    journal_mark VARCHAR
);
COMMENT ON TABLE publications IS 'Every state that was published, this one last.';
COMMENT ON COLUMN publications.content_version IS 'Number of the state, as in snapshot.';
COMMENT ON COLUMN publications.published_at IS 'When it was published.';
COMMENT ON COLUMN publications.journal_mark IS 'Length in bytes of the journal of the raw store then and a hash of its end: what stands behind came in later. Null for states of releases before schema 12.';
INSERT INTO publications SELECT content_version, published_at, NULL FROM snapshot;
