-- Lists of a collection, the oldest account first.
CREATE INDEX accounts_by_created ON accounts (collection, created, id);
