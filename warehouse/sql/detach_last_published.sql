DETACH last_published;
