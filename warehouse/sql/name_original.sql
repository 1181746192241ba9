-- Copies that came in before the article that they were copied from, and what was taken for copies of these.
UPDATE articles
SET duplicate_of = $original
WHERE article_id <> $original
    AND duplicate_of IS DISTINCT FROM $original
    AND (article_id IN (SELECT value FROM staged_values) OR duplicate_of IN (SELECT value FROM staged_values));
