-- The day of an article's last update, which is not that of its publication; what feeds say of the author; table rows.
ALTER TABLE articles ADD COLUMN updated_on DATE;
COMMENT ON COLUMN articles.updated_on IS 'Day that the article calls its last update or review; null where it tells of none. Never taken for published_on.';
COMMENT ON COLUMN articles.published_method IS 'What gave the date, such as header, json-ld, meta, time, visible, url; feed where only a feed or the like told it.';
ALTER TABLE candidates ADD COLUMN authors VARCHAR[];
COMMENT ON COLUMN candidates.authors IS 'Authors that the endpoint names; the article has them, with the method feed, where its page names none.';
COMMENT ON COLUMN paragraphs.kind IS 'heading, prose, list_item, quote, caption or table_row: a row of a table, with the names of its columns.';
