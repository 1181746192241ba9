-- Where an article comes from if its publisher is not who serves it.
ALTER TABLE articles ADD COLUMN syndicated_from VARCHAR;
COMMENT ON COLUMN articles.syndicated_from IS 'Address on another site that it comes from: what its page names as its canonical address, or where its source led and which is no site of that source; null where its publisher serves it as its own.';
