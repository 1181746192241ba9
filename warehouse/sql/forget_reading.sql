DELETE FROM readings WHERE url = ?;
