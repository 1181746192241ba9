SELECT * FROM robots ORDER BY origin;
