SELECT hash FROM schema_views;
