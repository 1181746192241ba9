DELETE FROM readings WHERE url = ? RETURNING url;
