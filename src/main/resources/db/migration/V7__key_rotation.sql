-- While the secret key is changed, several processes write sealed values. The setting
-- 'secret-key-ids' holds the first bytes (key ids) that may be stored; whoever has slept through the
-- change cannot leave a value behind that nobody can open any more. Writers hold the lock shared
-- until they commit, the change takes it alone: afterwards no value of the old key can come.

CREATE FUNCTION refuse_other_key() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  ids bytea;
BEGIN
  PERFORM pg_advisory_xact_lock_shared(
    (1382641230::bigint << 32) + 'settings'::regclass::oid::bigint);
  SELECT value INTO ids FROM settings WHERE key = 'secret-key-ids';
  IF position(substring(NEW.env FROM 1 FOR 1) IN ids) = 0 THEN
    RAISE EXCEPTION 'sealed with a key that is not in use' USING ERRCODE = 'RK001';
  END IF;
  RETURN NEW;
END $$;

-- The conditions cost nothing where a row has no variables, as most runs have none.
CREATE TRIGGER scripts_sealed BEFORE INSERT ON scripts FOR EACH ROW
  WHEN (length(NEW.env) > 0) EXECUTE FUNCTION refuse_other_key();
CREATE TRIGGER scripts_resealed BEFORE UPDATE OF env ON scripts FOR EACH ROW
  WHEN (length(NEW.env) > 0 AND NEW.env IS DISTINCT FROM OLD.env)
  EXECUTE FUNCTION refuse_other_key();
CREATE TRIGGER runs_sealed BEFORE INSERT ON runs FOR EACH ROW
  WHEN (length(NEW.env) > 0) EXECUTE FUNCTION refuse_other_key();
CREATE TRIGGER runs_resealed BEFORE UPDATE OF env ON runs FOR EACH ROW
  WHEN (length(NEW.env) > 0 AND NEW.env IS DISTINCT FROM OLD.env)
  EXECUTE FUNCTION refuse_other_key();
