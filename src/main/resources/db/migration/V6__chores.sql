-- What one node at a time does now and then: whoever moves next_at on does it.
CREATE TABLE chores (
  name    text COLLATE "C" PRIMARY KEY,
  next_at timestamptz NOT NULL
);
