SELECT stemmer FROM search_state;
