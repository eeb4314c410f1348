package dev.runnel.store;

import dev.runnel.bus.RunWrite;
import dev.runnel.problem.Problem;
import dev.runnel.run.RunRequest;
import dev.runnel.run.RunStatus;
import dev.runnel.script.Concurrency;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.Comparator;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How runs come in: as running or as queued, in one statement and one commit. */
final class Arrivals {
  private static final String GIVEN =
      """
      id, created_at, lock_key, sole_key, script_id, script_name, code_identifier, language, runner,
      content_version, sha256, text, args, function, env, working_directory, timeout_ms,
      limit_cpu_seconds, limit_memory_bytes, limit_processes, limit_open_files,
      limit_file_size_bytes, door, trigger, actor_type, actor_id, meta_door, ip, user_agent,
      request_id
      """;

  /**
   * One row, one event, three to five index entries; whatever is stored. A taken lock shows as a
   * conflict on runs_lock, and the row is queued instead. A command brings its own slot and takes
   * nothing from the queue, so it does not wait behind it.
   *
   * <p>$1 whether a slot is free, $2 and $3 the lease, then {@link #GIVEN}.
   */
  private static final String INSERT =
      """
      WITH RECURSIVE given AS (
        SELECT $4::uuid AS id, $5::timestamptz, $6::text, $7::text, $8::uuid, $9::text, $10::text,
               $11::text, $12::text, $13::bigint, $14::text, $15::text, $16::text[], $17::text,
               $18::bytea, $19::text, $20::bigint, $21::bigint, $22::bigint, $23::bigint,
               $24::bigint, $25::bigint, $26::text, $27::text, $28::text, $29::text, $30::text,
               $31::text, $32::text, $33::text),
      %1$s,
      active AS (
        SELECT id FROM runs WHERE status = 'running' AND lock_key = $7
        UNION ALL
        SELECT id FROM runs WHERE status = 'queued' AND lock_key = $7
        LIMIT 1),
      started AS (
        INSERT INTO runs (%2$s, updated_at, started_at, last_seq, status, node_id, lease_epoch)
        SELECT given.*, $5, $5, 1, 'running', $2::uuid, $3::bigint
          FROM given
         WHERE $1
           AND NOT EXISTS (SELECT FROM active)
           AND EXISTS (SELECT FROM nodes WHERE nodes.id = $2 AND epoch = $3)
           AND ($26 = 'command_line'
                OR NOT EXISTS (SELECT FROM runs WHERE status = 'queued' AND lock_key IS NULL)
                   AND NOT EXISTS (SELECT FROM free_locks))
        ON CONFLICT DO NOTHING
        RETURNING task_id),
      waiting AS (
        INSERT INTO runs (%2$s, updated_at, last_seq, status)
        SELECT given.*, $5, 1, 'queued'
          FROM given
         WHERE NOT EXISTS (SELECT FROM started) AND NOT EXISTS (SELECT FROM active)
        ON CONFLICT DO NOTHING
        RETURNING task_id),
      stored AS (
        SELECT task_id, true AS running FROM started
        UNION ALL
        SELECT task_id, false FROM waiting),
      logged AS (
        INSERT INTO run_log (run_id, seq, at, kind, data)
        SELECT $4, 1, $5, 3, CASE WHEN running THEN '{"status":"running"}'::bytea
                                  ELSE '{"status":"queued"}'::bytea END
          FROM stored)
      SELECT stored.task_id, stored.running, (SELECT id FROM active)
        FROM (VALUES (1)) AS one LEFT JOIN stored ON true
      """
          .formatted(QueueTable.LOCKS, GIVEN);

  /** One index probe. */
  private static final String HOLDER =
      """
      SELECT id FROM runs WHERE status = 'running' AND lock_key = $1
      UNION ALL
      SELECT id FROM runs WHERE status = 'queued' AND lock_key = $1
      LIMIT 1
      """;

  private static final Batch.Bounds BOUNDS = new Batch.Bounds(2, 128, 4 << 20);
  private static final int TRIES = 3;

  private record Placed(@Nullable Long taskId, boolean running, @Nullable UUID active) {}

  private final Database database;
  private final SealedEnv env;
  private final RunTable runs;
  private final Batch<RunWrite.Insert, Placed> inserts;

  Arrivals(Database database, SealedEnv env, RunTable runs, Context context) {
    this.database = database;
    this.env = env;
    this.runs = runs;
    this.inserts =
        new Batch<>(
            context,
            BOUNDS,
            Arrivals::weight,
            Comparator.comparing(
                insert -> lockKey(insert.request()),
                Comparator.nullsFirst(Comparator.<String>naturalOrder())),
            batch ->
                database.each(INSERT, batch.stream().map(this::values).toList(), Arrivals::placed));
  }

  Future<RunWrite.Inserted> insert(RunWrite.Insert insert) {
    return insert(insert, TRIES);
  }

  private Future<RunWrite.Inserted> insert(RunWrite.Insert insert, int tries) {
    return inserts
        .add(insert)
        .compose(placed ->
            placed.taskId() == null
                ? refused(insert, placed.active(), tries)
                : Future.succeededFuture(inserted(insert, placed.taskId(), placed.running())));
  }

  private static RunWrite.Inserted inserted(RunWrite.Insert insert, long task, boolean running) {
    return new RunWrite.Inserted(
        RunRow.fresh(insert.id(), task, insert.request(), insert.now(), running), running);
  }

  /** The same insert came before and its answer was lost, or somebody else has the lock. */
  private Future<RunWrite.Inserted> refused(
      RunWrite.Insert insert, @Nullable UUID active, int tries) {
    if (active != null && !active.equals(insert.id())) {
      return Future.failedFuture(new Problem.Busy(active));
    }
    return runs.find(insert.id())
        .compose(found ->
            found.isPresent()
                ? Future.succeededFuture(
                    new RunWrite.Inserted(found.get(), found.get().status() == RunStatus.RUNNING))
                : busyOrFree(insert, tries));
  }

  /** A conflict with a run that this statement could not see yet, and that may be over now. */
  private Future<RunWrite.Inserted> busyOrFree(RunWrite.Insert insert, int tries) {
    return database
        .first(HOLDER, Tuple.of(lockKey(insert.request())), row -> row.getUUID(0))
        .compose(holder -> {
          if (holder.isPresent()) {
            return Future.failedFuture(new Problem.Busy(holder.get()));
          }
          return tries > 1
              ? insert(insert, tries - 1)
              : Future.failedFuture(Failures.away("The script's runs come and go too fast"));
        });
  }

  private static int weight(RunWrite.Insert insert) {
    var request = insert.request();
    return 1_024 + (request.scriptId() == null ? request.invocation().text().length() : 0);
  }

  private static @Nullable String lockKey(RunRequest request) {
    return request.scriptId() == null || request.concurrency() == Concurrency.PARALLEL
        ? null
        : request.scriptId().toString();
  }

  private static Placed placed(Row row) {
    var running = row.getBoolean(1);
    return new Placed(row.getLong(0), running != null && running, row.getUUID(2));
  }

  private Tuple values(RunWrite.Insert insert) {
    var request = insert.request();
    var invocation = request.invocation();
    var script = invocation.script();
    var meta = request.meta();
    var lock = lockKey(request);
    var values =
        Tuple.of(insert.slotFree(), insert.lease().node(), insert.lease().epoch())
            .addUUID(insert.id())
            .addOffsetDateTime(Cells.at(insert.now()))
            .addString(lock)
            .addString(request.refuseWhenBusy() ? lock : null)
            .addUUID(request.scriptId())
            .addString(script.name())
            .addString(script.codeIdentifier())
            .addString(script.language().wire())
            .addString(script.runner().wire())
            .addLong(script.version())
            .addString(script.sha256())
            .addString(request.scriptId() == null ? invocation.text() : null)
            .addArrayOfString(invocation.args().toArray(String[]::new))
            .addString(invocation.function())
            .addBuffer(env.seal(invocation.env()))
            .addString(invocation.workingDirectory())
            .addLong(invocation.timeout().toMillis());
    return ScriptTable.addLimits(values, invocation.limits())
        .addString(request.door().wire())
        .addString(request.trigger().wire())
        .addString(meta.actorType())
        .addString(meta.actorId())
        .addString(meta.door())
        .addString(meta.ip())
        .addString(meta.userAgent())
        .addString(meta.requestId());
  }
}
