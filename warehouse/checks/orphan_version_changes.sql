-- The version of every recorded change is there.
SELECT article_id, version, change_no FROM version_changes ANTI JOIN article_versions USING (article_id, version);
