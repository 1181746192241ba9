SELECT * FROM candidates WHERE url = ?;
