-- Rules of sites that nothing else is asked of.
DELETE FROM robots WHERE origin IN (SELECT value FROM staged_values) RETURNING origin;
