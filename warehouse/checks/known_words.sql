-- Columns with a fixed vocabulary hold only words of it.
SELECT 'paragraphs.kind' AS place, kind AS word, article_id FROM paragraphs
WHERE kind NOT IN ('heading', 'prose', 'list_item', 'quote', 'caption', 'table_row')
UNION ALL
SELECT 'figures.kind', kind, article_id FROM figures
WHERE kind NOT IN ('money', 'percent', 'count', 'fraction', 'duration', 'rate', 'multiple')
UNION ALL
SELECT 'figures.qualifier', qualifier, article_id FROM figures WHERE qualifier NOT IN ('exact', 'about', 'at_least', 'at_most')
UNION ALL
SELECT 'figures.change', change, article_id FROM figures WHERE change NOT IN ('increase', 'decrease')
UNION ALL
SELECT 'theme_mentions.framing', framing, article_id FROM theme_mentions
WHERE framing NOT IN ('problem', 'benefit', 'proposal', 'context')
UNION ALL
SELECT 'articles.published_precision', published_precision, article_id FROM articles
WHERE published_precision NOT IN ('day', 'month', 'year')
    OR (published_precision IS NULL) <> (published_on IS NULL)
UNION ALL
SELECT 'candidates.status', status, NULL FROM candidates
WHERE status NOT IN ('new', 'ingested', 'not_similar', 'duplicate', 'disallowed', 'failed', 'gone');
