UPDATE candidates
SET overruled = ?, status = 'new', reason = 'overruled by an operator'
WHERE url = ?
RETURNING url;
