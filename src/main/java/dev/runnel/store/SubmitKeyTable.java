package dev.runnel.store;

import dev.runnel.problem.Problem;
import dev.runnel.run.Run;
import dev.runnel.run.SubmitKey;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that starts carried. A key is written in the commit of its run or not at all, and its
 * primary key decides which of many starts at the same time is the one.
 */
final class SubmitKeyTable {
  private static final Logger LOG = LoggerFactory.getLogger(SubmitKeyTable.class);

  /** Expired keys that one statement removes. */
  static final int SWEPT = 500;

  /** The part of an insert of a run ($4) at $5 that writes its key, if the run is stored. */
  static final String WITH_RUN =
      """
      , keyed AS (
        INSERT INTO submit_keys (run_id, created, caller, route, key, body)
        SELECT $4, $5, $39::text, $40::text, $41::text, $42::text FROM stored)
      """;

  private static final String THIS = " WHERE caller = $1 AND route = $2 AND key = $3 ";

  /** One index probe. */
  private static final String FIND =
      "SELECT run_id, body FROM submit_keys" + THIS + "AND created > $4";

  /** One index probe and at most one row. */
  private static final String REMOVE_STALE = "DELETE FROM submit_keys" + THIS + "AND created <= $4";

  /** One index probe and at most one row. */
  private static final String FORGET =
      "DELETE FROM submit_keys" + THIS + "AND run_id = $4 RETURNING 1";

  /** At most $2 entries of the index by age; what another node is removing is passed over. */
  private static final String REMOVE_EXPIRED =
      """
      WITH expired AS (
        SELECT caller, route, key FROM submit_keys
         WHERE created <= $1 ORDER BY created LIMIT $2::int FOR UPDATE SKIP LOCKED)
      DELETE FROM submit_keys USING expired
       WHERE submit_keys.caller = expired.caller AND submit_keys.route = expired.route
         AND submit_keys.key = expired.key
      RETURNING 1
      """;

  private record Known(UUID run, String body) {}

  private final Database database;
  private final RunTable runs;

  SubmitKeyTable(Database database, RunTable runs) {
    this.database = database;
    this.runs = runs;
  }

  /** The values of {@link #WITH_RUN} after those of the run. */
  Tuple add(Tuple run, SubmitKey key) {
    return run.addString(key.caller())
        .addString(key.route())
        .addString(key.key())
        .addString(key.body());
  }

  /** Whether an insert may have failed because its key was there already. */
  static boolean mayBeRepeat(Throwable failure) {
    // The first start with the key is also what makes a script busy or fills its queue.
    return failure instanceof Problem.Busy
        || failure instanceof Problem.QueueFull
        || Failures.isConflict(failure, "submit_keys_pkey")
        || Failures.isWorthAnotherTry(failure);
  }

  /** The run that the key stands for; fails with {@code KeyReused}. */
  Future<Optional<Run>> find(SubmitKey key, Instant now) {
    return database
        .first(FIND, aged(key, now), row -> new Known(row.getUUID(0), row.getString(1)))
        .compose(known ->
            known.isEmpty()
                ? Future.succeededFuture(Optional.empty())
                : run(known.get(), key).map(Optional::of));
  }

  private Future<Run> run(Known known, SubmitKey key) {
    if (!known.body().equals(key.body())) {
      return Future.failedFuture(
          new Problem.KeyReused(
              "This Idempotency-Key was used before with another body; use a new key for a new"
                  + " request"));
    }
    return runs.find(known.run())
        .map(found ->
            found.orElseThrow(() ->
                new Problem.KeyReused(
                    "The run that this Idempotency-Key has started is no longer stored; use a new"
                        + " key for a new run")));
  }

  /** Makes room for a new run under this key, if it has expired. */
  Future<Void> removeStale(SubmitKey key, Instant now) {
    return database.run(REMOVE_STALE, aged(key, now)).mapEmpty();
  }

  /** See {@code RunWrite.Forget}. */
  Future<Boolean> forget(SubmitKey key, UUID run) {
    return database
        .run(FORGET, Tuple.of(key.caller(), key.route(), key.key(), run))
        .map(rows -> rows.size() > 0);
  }

  /** Removes what has expired, {@value #SWEPT} keys at a time; answers how many. */
  Future<Integer> removeExpired(Instant now) {
    return database
        .run(REMOVE_EXPIRED, Tuple.of(Cells.at(now.minus(SubmitKey.LIFE)), SWEPT))
        .compose(rows ->
            rows.rowCount() < SWEPT
                ? Future.succeededFuture(rows.rowCount())
                : removeExpired(now).map(more -> more + rows.rowCount()))
        .onFailure(failure -> LOG.debug("Expired keys stay for now: {}", failure.toString()));
  }

  private static Tuple aged(SubmitKey key, Instant now) {
    return Tuple.of(key.caller(), key.route(), key.key(), Cells.at(now.minus(SubmitKey.LIFE)));
  }
}
