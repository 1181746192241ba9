SELECT content_version FROM snapshot;
