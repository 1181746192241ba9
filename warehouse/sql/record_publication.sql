INSERT INTO publications (content_version, published_at, journal_mark) VALUES (?, ?, ?);
