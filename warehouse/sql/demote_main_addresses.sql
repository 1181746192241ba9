-- An article that moves to another main address keeps the old one as an alias.
UPDATE article_addresses
SET kind = 'alias'
WHERE kind = 'main' AND article_id IN (SELECT article_id FROM staged_article_addresses);
