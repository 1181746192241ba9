-- Themes are coded by cues and words: the comments of what a mention holds say so.
COMMENT ON COLUMN theme_mentions.score IS 'Summed weight of the cues that fired and of the words of the paragraph; above the threshold of the theme.';
COMMENT ON COLUMN theme_mentions.cues IS 'Every cue that fired by its name, strongest first, then the words that gave most, in quotation marks.';
