-- Starts that carried an Idempotency-Key: written in the commit of their run, so whoever comes
-- second finds the first one's run here.
CREATE TABLE submit_keys (
  caller  text COLLATE "C" NOT NULL,
  route   text COLLATE "C" NOT NULL, -- method and path
  key     text COLLATE "C" NOT NULL,
  body    text COLLATE "C" NOT NULL, -- SHA-256 of the request's body
  run_id  uuid NOT NULL, -- no foreign key: the run may be removed before its key
  created timestamptz NOT NULL,
  PRIMARY KEY (caller, route, key)
);

CREATE INDEX submit_keys_by_age ON submit_keys (created);

ALTER TABLE runs
  ADD COLUMN script_title text, -- null: the same as script_name
  ADD COLUMN rerun_of uuid;
