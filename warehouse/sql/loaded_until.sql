SELECT published_at FROM snapshot;
