-- Who may execute what is called so: a script, or a wasm file by its path. Neither needs to exist.
CREATE TABLE script_permissions (
  id          uuid PRIMARY KEY,
  script_id   uuid, -- no foreign key: null until there is a script, and any id may be given
  script_name text COLLATE "C" NOT NULL CONSTRAINT script_permissions_name_key UNIQUE,
  audience    text COLLATE "C" NOT NULL CONSTRAINT script_permissions_audience_check CHECK (
    audience IN ('anonymous', 'user', 'superuser')),
  version     bigint NOT NULL,
  created     timestamptz NOT NULL,
  updated     timestamptz NOT NULL
);

CREATE INDEX script_permissions_by_script ON script_permissions (script_id);
