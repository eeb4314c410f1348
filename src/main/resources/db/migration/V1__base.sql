-- Machine words and names compare byte by byte: COLLATE "C".

CREATE TABLE settings (
  key     text COLLATE "C" PRIMARY KEY,
  value   bytea NOT NULL,
  updated timestamptz NOT NULL DEFAULT now()
);

-- A node's right to write about its runs: whoever knows the epoch holds the lease.
CREATE TABLE nodes (
  id      uuid PRIMARY KEY,
  epoch   bigint NOT NULL,
  host    text NOT NULL,
  boot_id text NOT NULL,
  started timestamptz NOT NULL,
  renewed timestamptz NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE accounts (
  id               text COLLATE "C" PRIMARY KEY,
  collection       text COLLATE "C" NOT NULL,
  email            text NOT NULL,
  email_key        text COLLATE "C" NOT NULL, -- lower case
  email_visibility boolean NOT NULL,
  verified         boolean NOT NULL,
  name             text NOT NULL,
  password_hash    text NOT NULL,
  token_key        text NOT NULL,
  created          timestamptz NOT NULL,
  updated          timestamptz NOT NULL,
  CONSTRAINT accounts_email_key UNIQUE (collection, email_key)
);

CREATE TABLE scripts (
  id                uuid PRIMARY KEY,
  name              text COLLATE "C" NOT NULL CONSTRAINT scripts_name_key UNIQUE,
  code_identifier   text COLLATE "C" NOT NULL CONSTRAINT scripts_code_identifier_key UNIQUE,
  title             text NOT NULL,
  description       text NOT NULL,
  language          text COLLATE "C" NOT NULL,
  runner            text COLLATE "C" NOT NULL,
  text              text NOT NULL,
  working_directory text NOT NULL,
  env               bytea NOT NULL, -- sealed; empty: no variables
  timeout_ms        bigint,
  enabled           boolean NOT NULL,
  concurrency       text COLLATE "C" NOT NULL,
  limit_cpu_seconds     bigint,
  limit_memory_bytes    bigint,
  limit_processes       bigint,
  limit_open_files      bigint,
  limit_file_size_bytes bigint,
  revision          bigint NOT NULL DEFAULT 1,
  content_version   bigint NOT NULL DEFAULT 1,
  created           timestamptz NOT NULL,
  updated           timestamptz NOT NULL,
  CONSTRAINT scripts_runner_check CHECK (
    CASE language
      WHEN 'node' THEN runner IN ('host', 'vm2')
      WHEN 'browser' THEN runner = 'browser'
      ELSE runner = 'host'
    END)
);

-- Every content that a script ever had.
CREATE TABLE script_versions (
  script_id uuid NOT NULL REFERENCES scripts ON DELETE CASCADE,
  version   bigint NOT NULL,
  language  text COLLATE "C" NOT NULL,
  runner    text COLLATE "C" NOT NULL,
  text      text NOT NULL,
  sha256    text COLLATE "C" NOT NULL,
  created   timestamptz NOT NULL,
  PRIMARY KEY (script_id, version)
);

-- One row for each execution. The id is a UUIDv7: by id is by time.
CREATE TABLE runs (
  id                uuid PRIMARY KEY,
  task_id           bigint GENERATED ALWAYS AS IDENTITY,
  -- no foreign key: history outlives its script
  script_id         uuid,
  script_name       text COLLATE "C" NOT NULL,
  code_identifier   text COLLATE "C" NOT NULL,
  language          text COLLATE "C" NOT NULL,
  runner            text COLLATE "C" NOT NULL,
  content_version   bigint NOT NULL,
  sha256            text COLLATE "C" NOT NULL,
  text              text, -- only where script_versions does not have it
  args              text[] NOT NULL,
  function          text,
  env               bytea NOT NULL, -- sealed; empty: no variables
  working_directory text NOT NULL,
  timeout_ms        bigint NOT NULL,
  limit_cpu_seconds     bigint,
  limit_memory_bytes    bigint,
  limit_processes       bigint,
  limit_open_files      bigint,
  limit_file_size_bytes bigint,
  door              text COLLATE "C" NOT NULL,
  trigger           text COLLATE "C" NOT NULL,
  actor_type        text NOT NULL,
  actor_id          text,
  meta_door         text NOT NULL,
  ip                text,
  user_agent        text,
  request_id        text,

  priority          smallint NOT NULL DEFAULT 0,
  lock_key          text COLLATE "C", -- at most one running run has it
  sole_key          text COLLATE "C", -- at most one active run has it
  node_id           uuid,
  lease_epoch       bigint,
  status            text COLLATE "C" NOT NULL CONSTRAINT runs_status_check CHECK (
    status IN ('queued', 'running', 'succeeded', 'failed', 'canceled', 'timed_out')),
  created_at        timestamptz NOT NULL,
  started_at        timestamptz,
  finished_at       timestamptz,
  updated_at        timestamptz NOT NULL,
  last_output_at    timestamptz,
  last_seq          bigint NOT NULL,
  stdout_bytes      bigint NOT NULL DEFAULT 0,
  stderr_bytes      bigint NOT NULL DEFAULT 0,

  reason            text COLLATE "C",
  exit_code         integer,
  signal            text,
  error_message     text,
  killed_processes  integer NOT NULL DEFAULT 0,
  cpu_us            bigint,
  peak_memory_bytes bigint,
  result            text, -- canonical JSON; jsonb would refuse \u0000
  result_format     text COLLATE "C",
  result_error      text,
  stdout_sha256     text COLLATE "C", -- null: of nothing
  stderr_sha256     text COLLATE "C",
  lines             bigint NOT NULL DEFAULT 0,
  log_truncated     boolean NOT NULL DEFAULT false
) WITH (
  -- room for the updates of running runs on their own page
  fillfactor = 80,
  -- a fixed number, not a share of the history: the queue's indexes stay small
  autovacuum_vacuum_scale_factor = 0,
  autovacuum_vacuum_threshold = 10000
);

-- Lists. What succeeded through an API door is in the first of them and the key only.
CREATE INDEX runs_by_script ON runs (script_id, id DESC) WHERE script_id IS NOT NULL;
CREATE INDEX runs_by_end ON runs (status, id DESC) WHERE status IN ('failed', 'canceled', 'timed_out');
CREATE INDEX runs_by_trigger ON runs (trigger, id DESC) WHERE trigger <> 'api';

-- The queue: what waits for a slot only, and what waits for its lock too. Head of a lock = next of it.
CREATE INDEX runs_queued ON runs (priority DESC, id) WHERE status = 'queued' AND lock_key IS NULL;
CREATE INDEX runs_queued_locked ON runs (lock_key, priority DESC, id)
  WHERE status = 'queued' AND lock_key IS NOT NULL;

-- What runs. Its condition does not name the status on purpose: a probe for a lock could then take
-- this index and look at every running run.
CREATE INDEX runs_running ON runs (node_id) WHERE node_id IS NOT NULL AND finished_at IS NULL;
CREATE UNIQUE INDEX runs_lock ON runs (lock_key)
  WHERE status = 'running' AND lock_key IS NOT NULL;
CREATE UNIQUE INDEX runs_sole ON runs (sole_key)
  WHERE status IN ('queued', 'running') AND sole_key IS NOT NULL;

-- All events of a run in order. kind: 1 stdout, 2 stderr (raw bytes), 3 status, 4 result, 5 gap,
-- 6 done (JSON). No foreign key: it would lock the run's row for every chunk.
CREATE TABLE run_log (
  run_id uuid NOT NULL,
  seq    bigint NOT NULL,
  at     timestamptz NOT NULL,
  kind   smallint NOT NULL,
  data   bytea NOT NULL,
  PRIMARY KEY (run_id, seq)
);

-- Never compressed: a slice of a chunk is read without the rest of it.
ALTER TABLE run_log ALTER COLUMN data SET STORAGE EXTERNAL;
