package dev.runnel.store;

import dev.runnel.bus.RunWrite;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Nodes, their leases and what they hold. */
final class NodeTable {
  /**
   * The runs of a life that has ended come under the lease that follows it: from here on every late
   * write of that life is refused. One small version of each such run.
   */
  private static final String INHERIT =
      """
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

  /** One row, and what is inherited. */
  private static final String BEGIN =
      """
      WITH life AS (
        INSERT INTO nodes (id, epoch, host, boot_id, home, started, renewed)
        VALUES ($1, 1, $2, $3, $4, $5, $5)
        ON CONFLICT (id) DO UPDATE
           SET epoch = nodes.epoch + 1, host = $2, boot_id = $3, home = $4, started = $5,
               renewed = $5
        RETURNING epoch),
      """
          + INHERIT;

  /** The same for a node that was seen like this and has not stirred since. */
  private static final String TAKE_OVER =
      """
      WITH life AS (
        UPDATE nodes SET epoch = epoch + 1
         WHERE id = $1 AND epoch = $2 AND renewed::text = $3
        RETURNING epoch),
      """
          + INHERIT;

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

  /** One row and one probe whether a run is left under it. */
  private static final String FORGET =
      """
      DELETE FROM nodes
       WHERE id = $1 AND epoch = $2
         AND NOT EXISTS (SELECT FROM runs WHERE node_id = $1 AND finished_at IS NULL)
      RETURNING id
      """;

  /** One probe for each node there is. */
  private static final String NEIGHBOURS =
      """
      SELECT id, host, boot_id, home, epoch, renewed::text FROM nodes
       WHERE id <> $1
         AND EXISTS (SELECT FROM runs WHERE node_id = nodes.id AND finished_at IS NULL)
      """;

  /** As many index entries as the node has running runs. */
  private static final String NOTICES =
      """
      SELECT id, lease_epoch, cancel_by_client, coalesce(started_at, created_at), last_output_at
        FROM runs
       WHERE finished_at IS NULL AND node_id = $1
         AND (lease_epoch < $2 OR cancel_by_client IS NOT NULL)
      """;

  /** As many index entries as the node has running runs. */
  private static final String HELD =
      "SELECT "
          + RunRow.CLAIMED_COLUMNS
          + " FROM runs AS taken WHERE finished_at IS NULL AND node_id = $1 AND lease_epoch = $2"
          + " ORDER BY id";

  private final Database database;
  private final SealedEnv env;

  NodeTable(Database database, SealedEnv env) {
    this.database = database;
    this.env = env;
  }

  Future<RunWrite.Life> begin(RunWrite.BeginLife life) {
    var node = life.node();
    var values = Tuple.of(node.id(), node.host(), node.bootId(), node.home(), Cells.at(life.now()));
    return database.run(BEGIN, values).map(rows -> life(node.id(), rows));
  }

  Future<Optional<RunWrite.Life>> takeOver(RunWrite.Neighbour lost) {
    var node = lost.node().id();
    return database
        .run(TAKE_OVER, Tuple.of(node, lost.epoch(), lost.renewed()))
        .map(rows -> rows.size() == 0 ? Optional.empty() : Optional.of(life(node, rows)));
  }

  Future<Boolean> renew(RunWrite.Lease lease, Instant now) {
    return database
        .run(RENEW, Tuple.of(lease.node(), lease.epoch(), Cells.at(now)))
        .map(rows -> rows.size() > 0);
  }

  Future<Boolean> end(RunWrite.Lease lease, boolean forGood) {
    return database
        .run(forGood ? FORGET : END, Tuple.of(lease.node(), lease.epoch()))
        .map(rows -> rows.size() > 0);
  }

  Future<RunWrite.Surroundings> lookAround(RunWrite.Lease lease) {
    var neighbours =
        database.list(NEIGHBOURS, Tuple.of(lease.node()), row -> neighbour(new Cells(row)));
    var notices = database.run(NOTICES, Tuple.of(lease.node(), lease.epoch()));
    return Future.all(neighbours, notices)
        .map(_ -> surroundings(lease, neighbours.result(), notices.result()));
  }

  private static RunWrite.Neighbour neighbour(Cells cells) {
    var node = new RunWrite.Node(cells.uuid(), cells.text(), cells.text(), cells.text());
    return new RunWrite.Neighbour(node, cells.big(), cells.text());
  }

  private static RunWrite.Surroundings surroundings(
      RunWrite.Lease mine, List<RunWrite.Neighbour> neighbours, RowSet<Row> notices) {
    var astray = new ArrayList<RunWrite.Life>();
    var cancels = new HashMap<UUID, Boolean>();
    for (var row : notices) {
      var cells = new Cells(row);
      var id = cells.uuid();
      var epoch = cells.big();
      var cancel = cells.flagOrNull();
      if (epoch < mine.epoch()) {
        var run = new RunWrite.LeftRun(id, cells.instant(), cells.instantOrNull());
        astray.add(new RunWrite.Life(new RunWrite.Lease(mine.node(), epoch), List.of(run)));
      } else if (cancel != null) {
        cancels.put(id, cancel);
      }
    }
    return new RunWrite.Surroundings(neighbours, List.copyOf(astray), Map.copyOf(cancels));
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

  private static RunWrite.Life life(UUID node, RowSet<Row> rows) {
    var runs = new ArrayList<RunWrite.LeftRun>();
    long epoch = 0;
    for (var row : rows) {
      var cells = new Cells(row);
      epoch = cells.big();
      var id = cells.uuidOrNull();
      if (id != null) {
        runs.add(new RunWrite.LeftRun(id, cells.instant(), cells.instantOrNull()));
      }
    }
    return new RunWrite.Life(new RunWrite.Lease(node, epoch), List.copyOf(runs));
  }
}
