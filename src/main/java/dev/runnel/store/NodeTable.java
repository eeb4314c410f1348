package dev.runnel.store;

import dev.runnel.bus.RunWrite;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Nodes, their leases and what they hold. */
final class NodeTable {
  /**
   * The new epoch, and the runs of the former life come under it: from here on every late write of
   * that life is refused. One row and one small version of each such run.
   */
  private static final String BEGIN =
      """
      WITH life AS (
        INSERT INTO nodes (id, epoch, host, boot_id, started, renewed)
        VALUES ($1, 1, $2, $3, $4, $4)
        ON CONFLICT (id) DO UPDATE
           SET epoch = nodes.epoch + 1, host = $2, boot_id = $3, started = $4, renewed = $4
        RETURNING epoch),
      inherited AS (
        UPDATE runs SET lease_epoch = life.epoch
          FROM life
         WHERE finished_at IS NULL AND node_id = $1 AND lease_epoch < life.epoch
        RETURNING id, coalesce(runs.started_at, runs.created_at) AS started_at,
                  runs.last_output_at)
      SELECT life.epoch, inherited.id, inherited.started_at, inherited.last_output_at
        FROM life LEFT JOIN inherited ON true
       ORDER BY inherited.id
      """;

  /** One version of one row. */
  private static final String RENEW =
      "UPDATE nodes SET renewed = $3 WHERE id = $1 AND epoch = $2 RETURNING id";

  /** Nobody holds the epoch that follows. */
  private static final String END =
      """
      UPDATE nodes SET epoch = epoch + 1, renewed = '-infinity'
       WHERE id = $1 AND epoch = $2
      RETURNING id
      """;

  /** As many index entries as the node has running runs. */
  private static final String HELD =
      "SELECT "
          + RunRow.CLAIMED_COLUMNS
          + " FROM runs AS taken WHERE finished_at IS NULL AND node_id = $1 AND lease_epoch = $2"
          + " ORDER BY id";

  /** A run that the former life of its node left running. */
  record Inherited(UUID id, Instant startedAt, @Nullable Instant lastOutputAt) {}

  /** A new life and what it found. */
  record Begun(RunWrite.Lease lease, List<Inherited> runs) {}

  private final Database database;
  private final SealedEnv env;

  NodeTable(Database database, SealedEnv env) {
    this.database = database;
    this.env = env;
  }

  Future<Begun> begin(RunWrite.BeginLife life) {
    var values = Tuple.of(life.node(), life.host(), life.bootId(), Cells.at(life.now()));
    return database.run(BEGIN, values).map(rows -> begun(life.node(), rows));
  }

  Future<Boolean> renew(RunWrite.Lease lease, Instant now) {
    return database
        .run(RENEW, Tuple.of(lease.node(), lease.epoch(), Cells.at(now)))
        .map(rows -> rows.size() > 0);
  }

  Future<Boolean> end(RunWrite.Lease lease) {
    return database.run(END, Tuple.of(lease.node(), lease.epoch())).map(rows -> rows.size() > 0);
  }

  Future<List<RunWrite.Claimed>> held(RunWrite.Lease lease) {
    return database
        .list(HELD, Tuple.of(lease.node(), lease.epoch()), row -> RunRow.taken(row, env))
        .map(taken ->
            taken.stream()
                .filter(one -> one.invocation() != null)
                .map(RunRow.Taken::claimed)
                .toList());
  }

  private static Begun begun(UUID node, RowSet<Row> rows) {
    var runs = new ArrayList<Inherited>();
    long epoch = 0;
    for (var row : rows) {
      var cells = new Cells(row);
      epoch = cells.big();
      var id = cells.uuidOrNull();
      if (id != null) {
        runs.add(new Inherited(id, cells.instant(), cells.instantOrNull()));
      }
    }
    return new Begun(new RunWrite.Lease(node, epoch), runs);
  }
}
