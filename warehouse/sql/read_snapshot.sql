SELECT content_version, published_at FROM snapshot;
