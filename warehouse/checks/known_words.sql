-- Columns with a fixed vocabulary hold only words of it.
SELECT 'paragraphs.kind' AS place, kind AS word FROM paragraphs
WHERE kind NOT IN ('heading', 'prose', 'list_item', 'quote', 'caption', 'table_row')
UNION ALL
SELECT 'figures.kind', kind FROM figures
WHERE kind NOT IN ('money', 'percent', 'count', 'fraction', 'duration', 'rate', 'multiple')
UNION ALL
SELECT 'figures.qualifier', qualifier FROM figures WHERE qualifier NOT IN ('exact', 'about', 'at_least', 'at_most')
UNION ALL
SELECT 'figures.change', change FROM figures WHERE change NOT IN ('increase', 'decrease')
UNION ALL
SELECT 'theme_mentions.framing', framing FROM theme_mentions
WHERE framing NOT IN ('problem', 'benefit', 'proposal', 'context')
UNION ALL
SELECT 'articles.published_precision', published_precision FROM articles
WHERE published_precision NOT IN ('day', 'month', 'year')
    OR (published_precision IS NULL) <> (published_on IS NULL)
UNION ALL
SELECT 'candidates.status', status FROM candidates
WHERE status NOT IN ('new', 'ingested', 'not_similar', 'duplicate', 'disallowed', 'failed', 'gone');
