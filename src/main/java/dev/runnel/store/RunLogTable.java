package dev.runnel.store;

import dev.runnel.bus.RunAsk;
import dev.runnel.bus.RunWrite;
import dev.runnel.run.Output;
import dev.runnel.run.Page;
import dev.runnel.run.RunEvent;
import dev.runnel.run.StoredOutput;
import dev.runnel.run.Tails;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The events of runs. */
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
               last_output_at = coalesce($8, last_output_at),
               updated_at = greatest(updated_at, $8)
         WHERE id = $1 AND status = 'running' AND node_id = $2 AND lease_epoch = $3
        RETURNING id),
      logged AS (
        INSERT INTO run_log (run_id, seq, at, kind, data)
        SELECT mine.id, event.*
          FROM mine,
               unnest($9::bigint[], $10::timestamptz[], $11::smallint[], $12::bytea[]) AS event
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
   * Walks back from the newest chunk of each run and stream (0: both) and stops when there is
   * enough: as many index probes as chunks are needed, and only the needed bytes are read.
   */
  private static final String TAILS =
      """
      WITH RECURSIVE wanted AS (
        SELECT runs.id, stream, kinds
          FROM runs,
               (VALUES (0, '{1,2}'::smallint[]), (1, '{1}'), (2, '{2}')) AS streams (stream, kinds)
         WHERE runs.id = ANY ($1)
           AND CASE stream WHEN 0 THEN stdout_bytes + stderr_bytes
                           WHEN 1 THEN stdout_bytes ELSE stderr_bytes END > 0),
      walk AS (
        SELECT w.*, chunk.seq, chunk.size, 0::bigint AS newer
          FROM wanted w,
               LATERAL (SELECT seq, octet_length(data) AS size FROM run_log l
                         WHERE l.run_id = w.id AND l.kind = ANY (w.kinds)
                         ORDER BY seq DESC LIMIT 1) AS chunk
        UNION ALL
        SELECT w.id, w.stream, w.kinds, chunk.seq, chunk.size, w.newer + w.size
          FROM walk w,
               LATERAL (SELECT seq, octet_length(data) AS size FROM run_log l
                         WHERE l.run_id = w.id AND l.kind = ANY (w.kinds) AND l.seq < w.seq
                         ORDER BY seq DESC LIMIT 1) AS chunk
         WHERE w.newer + w.size < $2::bigint)
      SELECT w.id, w.stream,
             string_agg(substr(l.data, greatest(1, w.size - ($2 - w.newer) + 1)::int), ''
                        ORDER BY w.seq)
        FROM walk w JOIN run_log l ON l.run_id = w.id AND l.seq = w.seq
       GROUP BY w.id, w.stream
      """;

  /** The sizes of all chunks of the run, and the bytes that were asked for. */
  private static final String RANGE =
      """
      WITH sized AS (
        SELECT seq, octet_length(data) AS size,
               sum(octet_length(data)) OVER (ORDER BY seq ROWS UNBOUNDED PRECEDING) AS upto
          FROM run_log WHERE run_id = $1 AND kind = ANY ($2)),
      cut AS (
        SELECT seq, greatest(0, $3::bigint - (upto - size)) AS first,
               least(size, $3 + $4::bigint - (upto - size)) AS past
          FROM sized WHERE upto > $3 AND upto - size < $3 + $4)
      SELECT (SELECT coalesce(max(upto), 0)::bigint FROM sized),
             (SELECT string_agg(substr(l.data, first::int + 1, (past - first)::int), ''
                                ORDER BY cut.seq)
                FROM cut JOIN run_log l ON l.run_id = $1 AND l.seq = cut.seq)
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
            new Page(events, !events.isEmpty() && events.getLast() instanceof RunEvent.Done));
  }

  Future<Map<UUID, Tails>> tails(RunAsk.LastOutput question) {
    var values =
        Tuple.tuple()
            .addArrayOfUUID(question.ids().toArray(UUID[]::new))
            .addLong((long) question.bytes());
    return database
        .run(TAILS, values)
        .map(rows -> {
          var tails = new HashMap<UUID, Tails>();
          question.ids().forEach(id -> tails.put(id, Tails.NONE));
          rows.forEach(
              row -> tails.computeIfPresent(row.getUUID(0), (_, known) -> with(known, row)));
          return Map.copyOf(tails);
        });
  }

  private static Tails with(Tails known, Row row) {
    var bytes = row.getBuffer(2).getBytes();
    return switch (row.getInteger(1)) {
      case 0 -> new Tails(bytes, known.stdout(), known.stderr());
      case 1 -> new Tails(known.merged(), bytes, known.stderr());
      default -> new Tails(known.merged(), known.stdout(), bytes);
    };
  }

  Future<StoredOutput> range(UUID id, @Nullable Output output, long offset, int limit) {
    var kinds =
        output == null
            ? new Short[] {EventCodec.STDOUT, EventCodec.STDERR}
            : new Short[] {EventCodec.kind(output)};
    var values = Tuple.of(id).addArrayOfShort(kinds).addLong(offset).addLong((long) limit);
    return database.run(RANGE, values).map(RunLogTable::stored);
  }

  private static StoredOutput stored(RowSet<Row> rows) {
    var row = rows.iterator().next();
    Buffer bytes = row.getBuffer(1);
    return new StoredOutput(bytes == null ? new byte[0] : bytes.getBytes(), row.getLong(0));
  }

  private static Tuple values(RunWrite.Append append) {
    Long first = null;
    Long last = null;
    RunEvent.Log lastOutput = null;
    long stdout = 0;
    long stderr = 0;
    for (var event : append.events()) {
      first = first == null ? event.seq() : first;
      last = event.seq();
      if (event instanceof RunEvent.Log log) {
        lastOutput = log;
        stdout += log.output() == Output.STDOUT ? log.bytes().length : 0;
        stderr += log.output() == Output.STDERR ? log.bytes().length : 0;
      }
    }
    var values =
        Tuple.of(append.id(), append.lease().node(), append.lease().epoch())
            .addLong(first)
            .addLong(last)
            .addLong(stdout)
            .addLong(stderr)
            .addOffsetDateTime(lastOutput == null ? null : Cells.at(lastOutput.at()));
    return EventCodec.add(values, append.events());
  }
}
