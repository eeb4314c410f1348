package dev.runnel.store;

import dev.runnel.bus.RunAsk;
import dev.runnel.run.Output;
import dev.runnel.run.StoredOutput;
import dev.runnel.run.StoredPlace;
import dev.runnel.run.Tails;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What runs printed, as bytes: the same rows as the events. */
final class OutputTable {
  /**
   * Walks back from the newest chunk of each run and stream (0: both) and stops when there is
   * enough: as many index probes as chunks are needed, and only the needed bytes are read. Nothing
   * is put together over a gap; what comes after one is looked at first, at the cost of the tail's
   * rows.
   */
  private static final String TAILS =
      """
      WITH RECURSIVE wanted AS (
        SELECT runs.id, stream, kinds,
               CASE WHEN log_truncated
                    THEN coalesce((SELECT seq FROM run_log l WHERE l.run_id = runs.id AND kind = 5
                                    ORDER BY seq DESC LIMIT 1), 0)
                    ELSE 0 END AS gap
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
        SELECT w.id, w.stream, w.kinds, w.gap, chunk.seq, chunk.size, w.newer + w.size
          FROM walk w,
               LATERAL (SELECT seq, octet_length(data) AS size FROM run_log l
                         WHERE l.run_id = w.id AND l.kind = ANY (w.kinds) AND l.seq < w.seq
                         ORDER BY seq DESC LIMIT 1) AS chunk
         WHERE w.newer + w.size < $2::bigint AND (chunk.seq > w.gap OR w.seq < w.gap))
      SELECT w.id, w.stream,
             string_agg(substr(l.data, greatest(1, w.size - ($2 - w.newer) + 1)::int), ''
                        ORDER BY w.seq)
        FROM walk w JOIN run_log l ON l.run_id = w.id AND l.seq = w.seq
       GROUP BY w.id, w.stream
      """;

  /** The sizes of all chunks of a run and the places of its gaps: one scan of its rows. */
  private static final String SIZED =
      """
      WITH sized AS (
        SELECT seq, kind, CASE WHEN kind = ANY ($2) THEN octet_length(data) ELSE 0 END AS size,
               sum(CASE WHEN kind = ANY ($2) THEN octet_length(data) ELSE 0 END)
                 OVER (ORDER BY seq ROWS UNBOUNDED PRECEDING) AS upto
          FROM run_log WHERE run_id = $1),
      gaps AS (
        SELECT array_agg(sized.upto::bigint ORDER BY seq) AS offsets,
               array_agg(convert_from(l.data, 'UTF8') ORDER BY seq) AS gaps
          FROM sized JOIN run_log l USING (seq)
         WHERE sized.kind = 5 AND l.run_id = $1)
      SELECT (SELECT coalesce(max(upto), 0)::bigint FROM sized), gaps.offsets, gaps.gaps,
      """;

  /** {@link #SIZED}, and the bytes that were asked for. */
  private static final String RANGE =
      SIZED
          + """
                 (SELECT string_agg(substr(l.data, (greatest(0, $3 - (upto - size)) + 1)::int,
                                           (least(size, $3 + $4::bigint - (upto - size))
                                            - greatest(0, $3 - (upto - size)))::int), ''
                                    ORDER BY sized.seq)
                    FROM sized JOIN run_log l ON l.run_id = $1 AND l.seq = sized.seq
                   WHERE size > 0 AND upto > $3::bigint AND upto - size < $3 + $4)
            FROM gaps
          """;

  /** {@link #SIZED}, and no bytes at all. */
  private static final String PLACE =
      SIZED
          + """
                 place.seq, ($3 - (place.upto - place.size))::int
            FROM gaps
            LEFT JOIN (SELECT * FROM sized WHERE size > 0 AND upto > $3::bigint
                        ORDER BY seq LIMIT 1) AS place ON true
          """;

  private final Database database;

  OutputTable(Database database) {
    this.database = database;
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
    return database
        .run(RANGE, values(id, output, offset).addLong((long) limit))
        .map(rows -> {
          var row = rows.iterator().next();
          Buffer bytes = row.getBuffer(3);
          return new StoredOutput(
              bytes == null ? new byte[0] : bytes.getBytes(), row.getLong(0), missing(row));
        });
  }

  Future<StoredPlace> place(UUID id, @Nullable Output output, long offset) {
    return database
        .run(PLACE, values(id, output, offset))
        .map(rows -> {
          var row = rows.iterator().next();
          var seq = row.getLong(3);
          return new StoredPlace(
              seq == null ? Long.MAX_VALUE : seq,
              seq == null ? 0 : row.getInteger(4),
              row.getLong(0),
              missing(row));
        });
  }

  private static Tuple values(UUID id, @Nullable Output output, long offset) {
    var kinds =
        output == null
            ? new Short[] {EventCodec.STDOUT, EventCodec.STDERR}
            : new Short[] {EventCodec.kind(output)};
    return Tuple.of(id).addArrayOfShort(kinds).addLong(offset);
  }

  private static List<StoredOutput.Missing> missing(Row row) {
    var offsets = row.getArrayOfLongs(1);
    if (offsets == null) {
      return List.of();
    }
    var missing = new ArrayList<StoredOutput.Missing>();
    for (var i = 0; i < offsets.length; i++) {
      var bytes = new JsonObject(row.getArrayOfStrings(2)[i]).getLong("bytes");
      missing.add(new StoredOutput.Missing(offsets[i], bytes));
    }
    return List.copyOf(missing);
  }
}
