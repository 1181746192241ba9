SELECT raw_hash FROM article_versions;
