-- What nearly repeated a withdrawn article stands for itself now.
UPDATE articles SET duplicate_of = NULL WHERE duplicate_of = ?;
