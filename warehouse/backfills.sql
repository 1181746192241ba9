-- name: backfill
SELECT * FROM backfills WHERE source_id = ?;


-- name: forget_pages
DELETE FROM archive_pages WHERE source_id = ?;


-- name: end_backfill
UPDATE backfills SET read_at = ? WHERE source_id = ?;


-- name: archive_pages
SELECT * FROM archive_pages WHERE source_id = ? ORDER BY turn, rowid;
