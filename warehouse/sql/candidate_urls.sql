SELECT url FROM candidates;
