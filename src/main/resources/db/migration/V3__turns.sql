-- How many runs of one lock run at a time, and which place of its lock a run has: of lock_limit
-- places while it runs, of those for waiting while it waits. The database gives a place once.
ALTER TABLE runs
  ADD COLUMN lock_limit     smallint NOT NULL DEFAULT 1,
  ADD COLUMN place          smallint NOT NULL DEFAULT 0,
  ADD COLUMN queue_deadline timestamptz; -- of a queued run only; null: it waits without limit

UPDATE runs SET place = numbered.place
  FROM (SELECT id, row_number() OVER (PARTITION BY lock_key ORDER BY id) - 1 AS place
          FROM runs WHERE status = 'queued' AND lock_key IS NOT NULL) AS numbered
 WHERE runs.id = numbered.id;

DROP INDEX runs_lock;
CREATE UNIQUE INDEX runs_lock ON runs (lock_key, place)
  WHERE status = 'running' AND lock_key IS NOT NULL;

-- By place first: nobody takes it for the queue of a lock, which has an order.
CREATE UNIQUE INDEX runs_places ON runs (place, lock_key)
  WHERE status = 'queued' AND lock_key IS NOT NULL;

CREATE INDEX runs_overdue ON runs (queue_deadline)
  WHERE status = 'queued' AND queue_deadline IS NOT NULL;

ALTER TABLE scripts
  ADD COLUMN concurrency_limit smallint,
  ADD COLUMN concurrency_key   text COLLATE "C",
  ADD COLUMN priority          smallint NOT NULL DEFAULT 0,
  ADD CONSTRAINT scripts_limit_check CHECK (
    concurrency <> 'single' OR coalesce(concurrency_limit, 1) = 1),
  ADD CONSTRAINT scripts_key_check CHECK (
    concurrency_key IS NULL OR concurrency <> 'parallel' OR concurrency_limit IS NOT NULL);
