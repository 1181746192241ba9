-- Signatures say themselves how they were made, so that a run can tell which are to be computed anew.

COMMENT ON COLUMN article_signatures.signature IS 'The signature, in the form of extractors.duplicates; its first byte is the format, and a run computes those of another format anew.';
