-- Of each figure the name of what it is about, by which figures of different articles are put together, in place of the
-- telling words of its measure. Figures loaded before have none until their articles are coded anew.
ALTER TABLE figures DROP COLUMN measure_words;
ALTER TABLE figures ADD COLUMN subject VARCHAR;
COMMENT ON COLUMN figures.subject IS 'What it is about, by a name that figures of other articles on the same share: a head, then what narrows it down; null where nothing in another article could be about the same.';
