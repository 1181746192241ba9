-- What a lake needs that a file has by itself: comments where DuckLake takes none, and a row that every load of articles
-- changes, so that of two at once one is refused. In a file they stay as they are here.

CREATE TABLE view_comments (
    relation VARCHAR NOT NULL,
    column_name VARCHAR,
    comment VARCHAR NOT NULL
);
COMMENT ON TABLE view_comments IS 'Comments of macros and of columns of views in a lake, which takes none there; empty in a file.';
COMMENT ON COLUMN view_comments.relation IS 'The view or macro.';
COMMENT ON COLUMN view_comments.column_name IS 'Its column; null for a macro.';
COMMENT ON COLUMN view_comments.comment IS 'What it means.';

CREATE TABLE loads (number BIGINT NOT NULL);
COMMENT ON TABLE loads IS 'One row: how many batches of articles were loaded into a lake. Each changes it, so that two at once conflict.';
COMMENT ON COLUMN loads.number IS 'How many; 0 in a file.';
INSERT INTO loads VALUES (0);
