-- Of each figure the telling words of its measure, by which figures on one measure are put together. Figures loaded
-- before have none until their articles are coded anew.
ALTER TABLE figures ADD COLUMN measure_words VARCHAR[];
COMMENT ON COLUMN figures.measure_words IS 'The telling words of measure in alphabetical order, plurals cut, without numbers and dates.';
