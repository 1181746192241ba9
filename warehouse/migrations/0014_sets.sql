-- What operators add by hand is a source of its own kind, and archives lead to candidates.

COMMENT ON COLUMN sources.kind IS 'What its address is: site, section, feed, sitemap, wordpress, wix; seeds for the folder of seed articles, set for files, archives and addresses that were added by hand.';
COMMENT ON COLUMN candidates.found_by IS 'What announced it: feed, sitemap, listing, wordpress, archive (a WARC file), operator.';
