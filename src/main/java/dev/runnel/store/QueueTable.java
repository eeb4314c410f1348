package dev.runnel.store;

import dev.runnel.bus.RunWrite;
import dev.runnel.run.Outcome;
import dev.runnel.run.OutputTotals;
import dev.runnel.run.Reason;
import dev.runnel.run.RunEvent;
import dev.runnel.run.RunStatus;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** How runs wait and get their turn. The database alone decides who goes first. */
final class QueueTable {

  /**
   * The head of each lock that somebody waits for, one index probe each however long its queue is;
   * of those the locks that are free, one probe for each run that has the lock.
   */
  static final String LOCKS =
      """
      locks AS (
        (SELECT lock_key, lock_limit, priority FROM runs
          WHERE status = 'queued' AND lock_key IS NOT NULL
          ORDER BY lock_key, priority DESC, id LIMIT 1)
        UNION ALL
        SELECT head.* FROM locks l,
               LATERAL (SELECT r.lock_key, r.lock_limit, r.priority FROM runs r
                         WHERE r.status = 'queued' AND r.lock_key > l.lock_key
                         ORDER BY r.lock_key, r.priority DESC, r.id LIMIT 1) AS head),
      free_locks AS (
        SELECT l.*, l.lock_limit - held.runs AS room
          FROM locks l,
               LATERAL (SELECT count(*) AS runs
                          FROM (SELECT FROM runs r
                                 WHERE r.status = 'running' AND r.lock_key = l.lock_key
                                 LIMIT l.lock_limit) AS holders) AS held
         WHERE held.runs < l.lock_limit)
      """;

  /**
   * Heads of the queue in their order: as many index entries as runs are asked for, and one for
   * each lock that somebody waits for; of a free lock one for each run that fits in, and one probe
   * for each of its places. What another claimer has locked is passed over, hence a few more
   * candidates than asked for. Two claimers that give away one place meet at runs_lock. $1, $2
   * lease, $3 how many, $4 now.
   */
  private static final String CLAIM =
      """
      WITH RECURSIVE %s,
      candidates AS (
        (SELECT id, priority, 0 AS place FROM runs WHERE status = 'queued' AND lock_key IS NULL
          ORDER BY priority DESC, id LIMIT $3::int + 64)
        UNION ALL
        SELECT heads.id, heads.priority, free.places[heads.n]
          FROM free_locks f,
               -- OFFSET 0: worked out once for each lock
               LATERAL (SELECT ARRAY (
                          SELECT n FROM generate_series(0, f.lock_limit - 1) AS n
                           WHERE (SELECT r.id FROM runs r
                                   WHERE r.status = 'running' AND r.lock_key = f.lock_key
                                     AND r.place = n LIMIT 1) IS NULL
                           LIMIT f.room) AS places OFFSET 0) AS free,
               LATERAL (SELECT id, priority,
                               (row_number() OVER (ORDER BY priority DESC, id))::int AS n
                          FROM (SELECT id, priority FROM runs
                                 WHERE status = 'queued' AND lock_key = f.lock_key
                                 ORDER BY priority DESC, id
                                 LIMIT least(f.room, $3::int)) AS first) AS heads),
      picked AS (
        SELECT r.id, c.place
          FROM (SELECT id, place FROM candidates
                 ORDER BY priority DESC, id LIMIT $3::int + 64) AS c
          JOIN runs r USING (id)
         WHERE r.status = 'queued'
           AND (r.queue_deadline IS NULL OR r.queue_deadline > $4)
           AND EXISTS (SELECT FROM nodes WHERE nodes.id = $1 AND epoch = $2)
         ORDER BY r.priority DESC, r.id
         LIMIT $3::int
           FOR UPDATE OF r SKIP LOCKED),
      taken AS (
        UPDATE runs r
           SET status = 'running', node_id = $1, lease_epoch = $2, started_at = $4,
               updated_at = $4, last_seq = last_seq + 1, place = picked.place
          FROM picked
         WHERE r.id = picked.id
        RETURNING r.*),
      logged AS (
        INSERT INTO run_log (run_id, seq, at, kind, data)
        SELECT id, last_seq, $4, 3, '{"status":"running"}'::bytea FROM taken)
      SELECT %s FROM taken ORDER BY priority DESC, id
      """
          .formatted(LOCKS, RunRow.CLAIMED_COLUMNS);

  /** Entries of two partial indexes, at most $1 of each. */
  private static final String COUNT =
      """
      SELECT (SELECT count(*) FROM (SELECT FROM runs
                                     WHERE status = 'queued' AND lock_key IS NULL
                                     LIMIT $1) AS unlocked)
           + (SELECT count(*) FROM (SELECT FROM runs
                                     WHERE status = 'queued' AND lock_key IS NOT NULL
                                     LIMIT $1) AS locked)
      """;

  /** One row version and two events, or nothing. */
  private static final String END =
      """
      WITH ended AS (
        UPDATE runs
           SET status = $2, finished_at = $3, updated_at = $3, last_seq = last_seq + 2,
               reason = $4, exit_code = $5, signal = $6, error_message = $7, killed_processes = $8,
               cpu_us = $9, peak_memory_bytes = $10
         WHERE id = $1 AND status = 'queued'
        RETURNING id, last_seq),
      logged AS (
        INSERT INTO run_log (run_id, seq, at, kind, data)
        SELECT ended.id, ended.last_seq - 3 + event.seq, event.at, event.kind, event.data
          FROM ended,
               unnest($11::bigint[], $12::timestamptz[], $13::smallint[], $14::bytea[])
                 AS event (seq, at, kind, data))
      SELECT EXISTS (SELECT FROM ended)
      """;

  /**
   * One probe of an index that is mostly empty; one row version and two events for each run that
   * has waited too long. A run that is being claimed is passed over.
   */
  private static final String END_OVERDUE =
      """
      WITH overdue AS (
        SELECT id FROM runs
         WHERE status = 'queued' AND queue_deadline <= $1
         ORDER BY queue_deadline LIMIT 500
           FOR UPDATE SKIP LOCKED),
      ended AS (
        UPDATE runs r
           SET status = 'timed_out', reason = 'queue_timeout', finished_at = $1, updated_at = $1,
               last_seq = last_seq + 2,
               error_message = format('Queue time-out: its turn did not come within %s ms',
                 (extract(epoch FROM queue_deadline - created_at) * 1000)::bigint)
          FROM overdue
         WHERE r.id = overdue.id AND r.status = 'queued'
        RETURNING r.id, r.last_seq),
      logged AS (
        INSERT INTO run_log (run_id, seq, at, kind, data)
        SELECT ended.id, ended.last_seq - 3 + event.seq, event.at, event.kind, event.data
          FROM ended,
               unnest($2::bigint[], $3::timestamptz[], $4::smallint[], $5::bytea[])
                 AS event (seq, at, kind, data))
      SELECT id FROM ended
      """;

  private final Database database;
  private final SealedEnv env;
  private final RunTable runs;

  QueueTable(Database database, SealedEnv env, RunTable runs) {
    this.database = database;
    this.env = env;
    this.runs = runs;
  }

  /** Claims all at once, or one by one when another node took one of the locks meanwhile. */
  Future<List<RunWrite.Claimed>> claim(RunWrite.Claim claim) {
    return claim(claim, claim.max())
        .recover(failure ->
            contended(failure)
                ? claimSingly(claim, claim.max(), new ArrayList<>())
                : Future.failedFuture(failure))
        .compose(taken -> withText(claim, taken));
  }

  private Future<List<RunRow.Taken>> claimSingly(
      RunWrite.Claim claim, int left, List<RunRow.Taken> taken) {
    if (left == 0) {
      return Future.succeededFuture(taken);
    }
    return claim(claim, 1)
        .transform(one -> {
          if (one.failed()) {
            return contended(one.cause())
                ? claimSingly(claim, left - 1, taken)
                : taken.isEmpty()
                    ? Future.failedFuture(one.cause())
                    : Future.succeededFuture(taken);
          }
          taken.addAll(one.result());
          return one.result().isEmpty()
              ? Future.succeededFuture(taken)
              : claimSingly(claim, left - 1, taken);
        });
  }

  private static boolean contended(Throwable failure) {
    return Failures.isConflict(failure, "runs_lock") || Failures.isWorthAnotherTry(failure);
  }

  private Future<List<RunRow.Taken>> claim(RunWrite.Claim claim, int max) {
    var values = Tuple.of(claim.lease().node(), claim.lease().epoch(), max, Cells.at(claim.now()));
    return database.list(CLAIM, values, row -> RunRow.taken(row, env));
  }

  /** A script deleted at the very moment of its start took its text along: such a run ends here. */
  private Future<List<RunWrite.Claimed>> withText(RunWrite.Claim claim, List<RunRow.Taken> taken) {
    var claimed =
        taken.stream().filter(one -> one.invocation() != null).map(RunRow.Taken::claimed).toList();
    return Future.all(
            taken.stream()
                .filter(one -> one.invocation() == null)
                .map(one -> endWithoutText(claim, one))
                .toList())
        .map(claimed);
  }

  private Future<Boolean> endWithoutText(RunWrite.Claim claim, RunRow.Taken taken) {
    var seq = taken.run().lastSeq();
    var now = claim.now();
    return runs.finish(
        new RunWrite.Finish(
            taken.run().id(),
            claim.lease(),
            now,
            now,
            List.of(
                new RunEvent.Status(seq + 1, now, RunStatus.FAILED, null),
                new RunEvent.Done(seq + 2, now, RunStatus.FAILED, null, OutputTotals.NONE)),
            Outcome.neverStarted(
                RunStatus.FAILED,
                Reason.COULD_NOT_START,
                "The script was deleted before the run began"),
            null,
            OutputTotals.NONE,
            false,
            null,
            seq + 2));
  }

  Future<Integer> countQueued(int max) {
    return database
        .run(COUNT, Tuple.of((long) max))
        .map(rows -> (int) Math.min(max, rows.iterator().next().getLong(0)));
  }

  Future<Boolean> end(UUID id, Instant now, Outcome outcome) {
    var values = Tuple.of(id, outcome.status().wire(), Cells.at(now));
    RunTable.addOutcome(values, outcome);
    EventCodec.add(values, lastEvents(now, outcome.status()));
    return database.run(END, values).map(rows -> rows.iterator().next().getBoolean(0));
  }

  Future<List<UUID>> endOverdue(Instant now) {
    var values = EventCodec.add(Tuple.of(Cells.at(now)), lastEvents(now, RunStatus.TIMED_OUT));
    return database.list(END_OVERDUE, values, row -> row.getUUID(0));
  }

  /** What follows the event that every queued run has. */
  private static List<RunEvent> lastEvents(Instant now, RunStatus end) {
    return List.of(
        new RunEvent.Status(2, now, end, null),
        new RunEvent.Done(3, now, end, null, OutputTotals.NONE));
  }
}
