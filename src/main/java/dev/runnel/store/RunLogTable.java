package dev.runnel.store;

import dev.runnel.bus.RunWrite;
import dev.runnel.run.Output;
import dev.runnel.run.Page;
import dev.runnel.run.RunEvent;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.UUID;

/** The events of runs, as they come and as followers read them. */
final class RunLogTable {
  /**
   * One row for each event and one version of the run's row, on its own page, which is also the
   * fence. Events that are there already came with a call whose answer was lost.
   */
  private static final String APPEND =
      """
      WITH mine AS (
        UPDATE runs
           SET last_seq = greatest(last_seq, $5::bigint),
               stdout_bytes = stdout_bytes + CASE WHEN last_seq < $4::bigint THEN $6 ELSE 0 END,
               stderr_bytes = stderr_bytes + CASE WHEN last_seq < $4::bigint THEN $7 ELSE 0 END,
               lines = lines + CASE WHEN last_seq < $4::bigint THEN $8 ELSE 0 END,
               last_output_at = coalesce($9, last_output_at),
               updated_at = greatest(updated_at, $9)
         WHERE id = $1 AND status = 'running' AND node_id = $2 AND lease_epoch = $3
        RETURNING id),
      logged AS (
        INSERT INTO run_log (run_id, seq, at, kind, data)
        SELECT mine.id, event.*
          FROM mine,
               unnest($10::bigint[], $11::timestamptz[], $12::smallint[], $13::bytea[]) AS event
        ON CONFLICT DO NOTHING)
      SELECT EXISTS (SELECT FROM mine)
      """;

  /** One range scan of at most $4 rows; only the data of those that fit is fetched. */
  private static final String EVENTS =
      "SELECT "
          + EventCodec.COLUMNS
          + """
            FROM (SELECT *, sum(octet_length(data)) OVER (ORDER BY seq ROWS UNBOUNDED PRECEDING)
                              AS bytes,
                         row_number() OVER (ORDER BY seq ROWS UNBOUNDED PRECEDING) AS place
                    FROM (SELECT * FROM run_log WHERE run_id = $1 AND seq > $2
                           ORDER BY seq LIMIT $4) AS page) AS measured
           WHERE bytes <= $3 OR place = 1
           ORDER BY seq
          """;

  /**
   * One version of the run's row and one row for each new event; a delete for what falls out. Rows
   * that are there already came with a call whose answer was lost; the one that the gap takes the
   * place of, or leaves, changes its kind.
   */
  private static final String MOVE =
      """
      WITH mine AS (
        UPDATE runs
           SET last_seq = greatest(last_seq, $4), stdout_bytes = $5, stderr_bytes = $6,
               stdout_sha256 = $7, stderr_sha256 = $8, lines = $9, log_truncated = true,
               last_output_at = $10, updated_at = greatest(updated_at, $10)
         WHERE id = $1 AND status = 'running' AND node_id = $2 AND lease_epoch = $3
        RETURNING id),
      gone AS (
        DELETE FROM run_log USING mine
         WHERE run_id = mine.id AND seq >= $11::bigint AND seq < $12::bigint),
      logged AS (
        INSERT INTO run_log AS old (run_id, seq, at, kind, data)
        SELECT mine.id, event.*
          FROM mine,
               unnest($13::bigint[], $14::timestamptz[], $15::smallint[], $16::bytea[]) AS event
        ON CONFLICT (run_id, seq) DO UPDATE
           SET at = excluded.at, kind = excluded.kind, data = excluded.data
         WHERE old.kind <> excluded.kind)
      SELECT EXISTS (SELECT FROM mine)
      """;

  private static final Batch.Bounds BOUNDS = new Batch.Bounds(2, 128, 4 << 20);

  /** What a small line takes, near enough: how many rows a page may look at. */
  private static final int SMALL_CHUNK = 256;

  private final Database database;
  private final Batch<RunWrite.Append, Boolean> appends;

  RunLogTable(Database database, Context context) {
    this.database = database;
    this.appends =
        new Batch<>(
            context,
            BOUNDS,
            append -> append.events().stream().mapToInt(RunEvent::weight).sum(),
            Comparator.comparing(RunWrite.Append::id),
            batch ->
                database.each(
                    APPEND,
                    batch.stream().map(RunLogTable::values).toList(),
                    row -> row.getBoolean(0)));
  }

  Future<Boolean> append(RunWrite.Append append) {
    return appends.add(append);
  }

  Future<Page> events(UUID id, long since, int maxBytes) {
    var rows = Math.clamp(maxBytes / SMALL_CHUNK, 16, 2_048);
    return database
        .list(EVENTS, Tuple.of(id, since, (long) maxBytes, (long) rows), EventCodec::read)
        .map(events ->
            new Page(
                events.stream().map(event -> after(since, event)).toList(),
                !events.isEmpty() && events.getLast() instanceof RunEvent.Done));
  }

  /** Of a gap that begins before {@code since}, the rest; nobody knows how many bytes that is. */
  private static RunEvent after(long since, RunEvent event) {
    return event instanceof RunEvent.Gap gap && gap.from() <= since
        ? new RunEvent.Gap(gap.seq(), gap.at(), since + 1, 0)
        : event;
  }

  /** See {@code RunWrite.Tail}; not batched: once a second for a run that floods. */
  Future<Boolean> move(RunWrite.Tail tail) {
    var gap = tail.gap();
    var events = new ArrayList<RunEvent>();
    if (gap != null) {
      events.add(gap);
      events.addAll(tail.events());
    }
    var totals = tail.totals();
    var values =
        Tuple.of(tail.id(), tail.lease().node(), tail.lease().epoch())
            .addLong(tail.lastSeq())
            .addLong(totals.stdoutBytes())
            .addLong(totals.stderrBytes())
            .addString(totals.stdoutSha256())
            .addString(totals.stderrSha256())
            .addLong(totals.lines())
            .addOffsetDateTime(Cells.at(tail.lastOutputAt()))
            .addLong(gap == null ? 0 : gap.from())
            .addLong(gap == null ? 0 : gap.seq());
    return database
        .run(MOVE, EventCodec.add(values, events))
        .map(rows -> rows.iterator().next().getBoolean(0));
  }

  private static Tuple values(RunWrite.Append append) {
    Long first = null;
    Long last = null;
    RunEvent.Log lastOutput = null;
    long stdout = 0;
    long stderr = 0;
    long lines = 0;
    for (var event : append.events()) {
      first = first == null ? event.seq() : first;
      last = event.seq();
      if (event instanceof RunEvent.Log log) {
        lastOutput = log;
        stdout += log.output() == Output.STDOUT ? log.bytes().length : 0;
        stderr += log.output() == Output.STDERR ? log.bytes().length : 0;
        lines += log.lines();
      }
    }
    var values =
        Tuple.of(append.id(), append.lease().node(), append.lease().epoch())
            .addLong(first)
            .addLong(last)
            .addLong(stdout)
            .addLong(stderr)
            .addLong(lines)
            .addOffsetDateTime(lastOutput == null ? null : Cells.at(lastOutput.at()));
    return EventCodec.add(values, append.events());
  }
}
