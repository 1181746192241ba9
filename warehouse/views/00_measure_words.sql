CREATE MACRO measure_words(measure) AS
    array_to_string(
        list_sort(list_distinct(list_transform(
            list_filter(
                regexp_extract_all(lower(measure), '[a-z0-9]+'),
                lambda word: length(word) > 1 AND word NOT IN (
                    'the', 'an', 'of', 'in', 'on', 'by', 'for', 'to', 'at', 'and', 'or', 'from', 'with', 'that', 'it',
                    'was', 'were', 'is', 'are', 'has', 'have', 'had', 'been', 'be', 'this', 'their', 'its', 'which'
                )
            ),
            lambda word: regexp_replace(regexp_replace(word, 'ies$', 'y'), '^(.{3,})s$', '\1')
        ))),
        ' '
    );

COMMENT ON MACRO measure_words IS 'The telling words of a measure in alphabetical order, plurals cut, so that the same measure in another order or number of words groups together.';
