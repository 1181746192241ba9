-- Figures, dates and words of change say when and how much, not what is measured.
CREATE MACRO measure_words(measure) AS
    array_to_string(
        list_sort(list_distinct(list_transform(
            list_filter(
                regexp_extract_all(lower(measure), '[a-z]+'),
                lambda word: length(word) > 2 AND word NOT IN (
                    'the', 'and', 'from', 'with', 'that', 'this', 'these', 'those', 'was', 'were', 'are', 'has', 'have',
                    'had', 'been', 'its', 'their', 'which', 'who', 'for', 'than', 'some', 'over', 'about', 'around', 'nearly',
                    'almost', 'more', 'less', 'least', 'most', 'million', 'billion', 'trillion', 'thousand', 'hundred',
                    'per', 'cent', 'percent', 'year', 'years', 'month', 'months', 'january', 'february', 'march', 'april',
                    'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december', 'rose', 'risen',
                    'rise', 'fell', 'fallen', 'fall', 'grew', 'grown', 'increased', 'decreased', 'compared', 'between',
                    'since', 'stood', 'bn'
                )
            ),
            lambda word: regexp_replace(regexp_replace(word, 'ies$', 'y'), '^(.{3,})s$', '\1')
        ))),
        ' '
    );

COMMENT ON MACRO measure_words IS 'The telling words of a measure in alphabetical order, plurals cut, without figures and dates, so that the same measure in another order of words groups together.';
