SELECT content_version, published_at, journal_mark FROM publications ORDER BY content_version, published_at;
