package dev.runnel.store;

import dev.runnel.bus.RunWrite;
import dev.runnel.run.Invocation;
import dev.runnel.run.Outcome;
import dev.runnel.run.OutputTotals;
import dev.runnel.run.ReturnValue;
import dev.runnel.run.Run;
import dev.runnel.run.RunEvent;
import dev.runnel.run.RunQuery;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The records of runs, and how they end. */
final class RunTable {
  private static final String SELECT = "SELECT " + RunRow.COLUMNS + " FROM runs ";

  /** One index probe. */
  private static final String FIND = SELECT + "WHERE id = $1";

  /** Two index probes. */
  private static final String INVOKED =
      "SELECT " + RunRow.CLAIMED_COLUMNS + " FROM runs AS taken WHERE id = $1";

  /** The order of {@link #ofScript}. */
  static final String NEWEST_OF_SCRIPT = "script_id, id DESC";

  /**
   * The runs of script $1 that have not ended: the running ones, the queues of its locks, and one
   * pass over those that wait for a slot. A lock's name is the script's id, alone or with a {@code
   * /} and more; {@code 0} follows {@code /}.
   */
  static final String ACTIVE =
      """
      SELECT id FROM runs WHERE node_id IS NOT NULL AND finished_at IS NULL AND script_id = $1
      UNION ALL
      SELECT id FROM runs
       WHERE status = 'queued' AND lock_key >= $1::uuid::text AND lock_key < $1::uuid::text || '0'
      UNION ALL
      SELECT id FROM runs WHERE status = 'queued' AND lock_key IS NULL AND script_id = $1
      """;

  /**
   * One row version, the events that are not stored yet, one commit. Nothing at all when the run is
   * not running under this lease. The same call again answers true again: its first answer may have
   * been lost.
   */
  private static final String FINISH =
      """
      WITH ended AS (
        UPDATE runs
           SET status = $4, reason = $5, exit_code = $6, signal = $7, error_message = $8,
               killed_processes = $9, cpu_us = $10, peak_memory_bytes = $11,
               result = $12, result_format = $13, result_error = $14,
               stdout_bytes = $15, stderr_bytes = $16, stdout_sha256 = $17, stderr_sha256 = $18,
               lines = $19, log_truncated = $20, last_output_at = $21, last_seq = $22,
               started_at = $23, finished_at = $24, updated_at = $24
         WHERE id = $1 AND status = 'running' AND node_id = $2 AND lease_epoch = $3
        RETURNING id),
      logged AS (
        INSERT INTO run_log (run_id, seq, at, kind, data)
        SELECT ended.id, event.*
          FROM ended,
               unnest($25::bigint[], $26::timestamptz[], $27::smallint[], $28::bytea[]) AS event
        ON CONFLICT DO NOTHING)
      SELECT EXISTS (SELECT FROM ended)
          OR EXISTS (SELECT FROM runs
                      WHERE id = $1 AND node_id = $2 AND lease_epoch = $3 AND status = $4
                        AND finished_at = $24 AND last_seq = $22)
      """;

  /** One small version of one row; the first to ask counts. */
  private static final String REQUEST_CANCEL =
      """
      UPDATE runs SET cancel_by_client = coalesce(cancel_by_client, $2)
       WHERE id = $1 AND status = 'running'
      RETURNING id
      """;

  private static final Batch.Bounds BOUNDS = new Batch.Bounds(2, 128, 4 << 20);

  /** UUIDv7 of a run and its creation time come from two looks at the clock. */
  private static final Duration CLOCK_SLACK = Duration.ofSeconds(1);

  private final Database database;
  private final Batch<RunWrite.Finish, Boolean> finishes;

  /**
   * @param quick for the ends of runs
   */
  RunTable(Database database, Database quick, Context context) {
    this.database = database;
    this.finishes =
        new Batch<>(
            context,
            BOUNDS,
            finish -> finish.events().stream().mapToInt(RunEvent::weight).sum(),
            Comparator.comparing(RunWrite.Finish::id),
            batch ->
                quick.each(
                    FINISH,
                    batch.stream().map(RunTable::values).toList(),
                    row -> row.getBoolean(0)));
  }

  Future<Optional<Run>> find(UUID id) {
    return database.first(FIND, Tuple.of(id), RunRow::run);
  }

  /** What this run ran; empty when its text is gone. */
  Future<Optional<Invocation>> invocation(UUID id, SealedEnv env) {
    return database
        .first(INVOKED, Tuple.of(id), row -> RunRow.taken(row, env))
        .map(found -> found.map(RunRow.Taken::invocation));
  }

  /**
   * An index scan backwards from {@code before}, as long as the limit. The words of a filter are
   * constants of ours and stand in the text, so that the partial indexes apply.
   *
   * <p>Of one script: as {@link #ofScript}.
   */
  Future<List<Run>> search(RunQuery query) {
    var where = new StringBuilder("WHERE true");
    var values = Tuple.of(query.limit());
    if (query.scriptId() != null) {
      values.addUUID(query.scriptId());
      where.append(" AND ").append(ofScript(values.size()));
    }
    if (query.status() != null) {
      where.append(" AND status = '").append(query.status().wire()).append('\'');
    }
    if (query.trigger() != null) {
      where.append(" AND trigger = '").append(query.trigger().wire()).append('\'');
    }
    if (query.before() != null) {
      values.addUUID(firstAfter(query.before())).addOffsetDateTime(Cells.at(query.before()));
      where.append(" AND id < $").append(values.size() - 1);
      where.append(" AND created_at < $").append(values.size());
    }
    if (query.after() != null) {
      values.addUUID(query.after());
      where.append(" AND id < $").append(values.size());
    }
    var order = query.scriptId() == null ? "id DESC" : NEWEST_OF_SCRIPT;
    return database.list(SELECT + where + " ORDER BY " + order + " LIMIT $1", values, RunRow::run);
  }

  Future<List<UUID>> active(UUID scriptId) {
    return database.list(ACTIVE, Tuple.of(scriptId), row -> row.getUUID(0));
  }

  Future<Boolean> requestCancel(UUID id, boolean byClient) {
    return database.run(REQUEST_CANCEL, Tuple.of(id, byClient)).map(rows -> rows.size() > 0);
  }

  Future<Boolean> finish(RunWrite.Finish finish) {
    return finishes.add(finish);
  }

  /**
   * Of the script in this parameter. Only the index of scripts gives such a range in the order of
   * {@link #NEWEST_OF_SCRIPT}; with an equality the primary key would give it too, and where most
   * runs are of another script all of them would be read on the way to these. Before PostgreSQL 18
   * a bound on the id passes the script's newer entries one by one, in the index alone.
   */
  static String ofScript(int parameter) {
    return "script_id BETWEEN $%1$d AND $%1$d".formatted(parameter);
  }

  /** The smallest UUIDv7 of a little later. */
  static UUID firstAfter(Instant instant) {
    return new UUID(instant.plus(CLOCK_SLACK).toEpochMilli() << 16 | 0x7000, Long.MIN_VALUE);
  }

  private static Tuple values(RunWrite.Finish finish) {
    var values =
        Tuple.of(finish.id(), finish.lease().node(), finish.lease().epoch())
            .addString(finish.outcome().status().wire());
    addOutcome(values, finish.outcome());
    addValue(values, finish.value());
    addTotals(values, finish.totals())
        .addBoolean(finish.logTruncated())
        .addOffsetDateTime(Cells.atOrNull(finish.lastOutputAt()))
        .addLong(finish.lastSeq())
        .addOffsetDateTime(Cells.at(finish.startedAt()))
        .addOffsetDateTime(Cells.at(finish.now()));
    return EventCodec.add(values, finish.events());
  }

  /** Seven values, from the reason on. */
  static Tuple addOutcome(Tuple values, Outcome outcome) {
    return values
        .addString(outcome.reason() == null ? null : outcome.reason().wire())
        .addInteger(outcome.exitCode())
        .addString(outcome.signal())
        .addString(outcome.errorMessage())
        .addInteger(outcome.killedProcesses())
        .addLong(
            outcome.cpu() == null ? null : TimeUnit.NANOSECONDS.toMicros(outcome.cpu().toNanos()))
        .addLong(outcome.peakMemoryBytes());
  }

  private static void addValue(Tuple values, @Nullable ReturnValue value) {
    values
        .addString(value == null ? null : value.json())
        .addString(value == null ? null : value.format().wire())
        .addString(value == null ? null : value.error());
  }

  private static Tuple addTotals(Tuple values, OutputTotals totals) {
    return values
        .addLong(totals.stdoutBytes())
        .addLong(totals.stderrBytes())
        .addString(totals.stdoutSha256())
        .addString(totals.stderrSha256())
        .addLong(totals.lines());
  }
}
