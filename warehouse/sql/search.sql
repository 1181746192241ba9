SELECT * FROM search(?) LIMIT ?;
