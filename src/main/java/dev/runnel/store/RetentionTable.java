package dev.runnel.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlResult;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Which runs are over their time, and their removal in small pieces. */
final class RetentionTable {
  /**
   * One row; answers it when the turn is ours. A turn that lies further ahead than any node could
   * have put it comes from a clock that was wrong.
   */
  private static final String TAKE_TURN =
      """
      INSERT INTO chores AS known (name, next_at) VALUES ($1, $3)
      ON CONFLICT (name) DO UPDATE SET next_at = $3
       WHERE known.next_at <= $2 OR known.next_at > $3
      RETURNING name
      """;

  /** From run $3 on: as many rows as are answered, and the old ones that still run. */
  private static final String OLDER =
      """
      SELECT id FROM runs WHERE id < $1 AND finished_at < $2 AND id > $3 ORDER BY id LIMIT $4
      """;

  /** One index probe. */
  private static final String NEXT_SCRIPT =
      "SELECT script_id FROM runs WHERE script_id > $1 ORDER BY script_id LIMIT 1";

  /**
   * The newest run of the script that is one too many: as many index entries as are kept. Runs that
   * have not ended do not count; where they are old, a few more are kept.
   */
  private static final String ONE_TOO_MANY =
      """
      SELECT id FROM runs WHERE %s
       ORDER BY %s
      OFFSET $2::bigint + (SELECT count(*) FROM (%s) AS active) LIMIT 1
      """
          .formatted(RunTable.ofScript(1), RunTable.NEWEST_OF_SCRIPT, RunTable.ACTIVE);

  /**
   * From run $4 on: as many rows as are answered, and what has just ended; of other scripts too
   * where most runs are of this one, but each of them once.
   */
  private static final String TOO_MANY =
      """
      SELECT id FROM runs WHERE script_id = $1 AND id <= $2 AND finished_at < $3 AND id > $4
       ORDER BY id LIMIT $5
      """;

  /** As many rows as it says; of each the pieces of its data. */
  private static final String REMOVE_LOG =
      """
      DELETE FROM run_log
       USING (SELECT run_id, seq FROM run_log WHERE run_id = ANY ($1) LIMIT $2) AS piece
       WHERE run_log.run_id = piece.run_id AND run_log.seq = piece.seq
      """;

  /** As many rows and their index entries; a run that has not ended is never among them. */
  private static final String REMOVE =
      "DELETE FROM runs WHERE id = ANY ($1) AND finished_at IS NOT NULL";

  /** An index probe in each of the two tables for each run that is looked at. */
  private static final String LOGGED =
      """
      WITH RECURSIVE logged AS (
        (SELECT run_id, 1 AS place FROM run_log WHERE run_id > $1 ORDER BY run_id LIMIT 1)
        UNION ALL
        SELECT next.run_id, place + 1
          FROM logged,
               LATERAL (SELECT run_id FROM run_log l WHERE l.run_id > logged.run_id
                         ORDER BY run_id LIMIT 1) AS next
         WHERE place < $2)
      SELECT run_id, EXISTS (SELECT FROM runs WHERE id = run_id) FROM logged ORDER BY run_id
      """;

  /** A run that has log rows. */
  record Logged(UUID run, boolean exists) {}

  private final Database database;

  RetentionTable(Database database) {
    this.database = database;
  }

  /** Whether this caller does the chore now; nobody else will before {@code next}. */
  Future<Boolean> takeTurn(String chore, Instant now, Instant next) {
    return database
        .run(TAKE_TURN, Tuple.of(chore, Cells.at(now), Cells.at(next)))
        .map(rows -> rows.size() > 0);
  }

  /**
   * The oldest that ended before then, by id, from the one after {@code after} on: what was removed
   * leaves entries that a search from the beginning would pass again.
   */
  Future<List<UUID>> endedBefore(Instant time, UUID after, int limit) {
    var values = Tuple.of(RunTable.firstAfter(time), Cells.at(time), after, (long) limit);
    return database.list(OLDER, values, row -> row.getUUID(0));
  }

  Future<Optional<UUID>> scriptAfter(UUID script) {
    return database.first(NEXT_SCRIPT, Tuple.of(script), row -> row.getUUID(0));
  }

  /** The newest run of the script that is over the number of those to keep. */
  Future<Optional<UUID>> oneTooMany(UUID script, int keep) {
    return database.first(ONE_TOO_MANY, Tuple.of(script, (long) keep), row -> row.getUUID(0));
  }

  /** The script's runs up to this one that ended before then, from the one after {@code after}. */
  Future<List<UUID>> upTo(UUID script, UUID newest, Instant endedBefore, UUID after, int limit) {
    var values = Tuple.of(script, newest, Cells.at(endedBefore), after, (long) limit);
    return database.list(TOO_MANY, values, row -> row.getUUID(0));
  }

  /** The next runs, by id, that have log rows. */
  Future<List<Logged>> loggedAfter(UUID run, int limit) {
    return database.list(
        LOGGED, Tuple.of(run, limit), row -> new Logged(row.getUUID(0), row.getBoolean(1)));
  }

  /** Removes at most {@code limit} log rows of these runs. Answers how many it were. */
  Future<Integer> removeLog(List<UUID> runs, int limit) {
    var values = Tuple.tuple().addArrayOfUUID(runs.toArray(UUID[]::new)).addLong((long) limit);
    return database.run(REMOVE_LOG, values).map(SqlResult::rowCount);
  }

  /** Removes the records of these runs, as far as they have ended. Answers how many it were. */
  Future<Integer> remove(List<UUID> runs) {
    return database
        .run(REMOVE, Tuple.tuple().addArrayOfUUID(runs.toArray(UUID[]::new)))
        .map(SqlResult::rowCount);
  }
}
