SELECT * FROM themes;
