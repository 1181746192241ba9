SELECT theme_id, label, family, definition FROM themes;
