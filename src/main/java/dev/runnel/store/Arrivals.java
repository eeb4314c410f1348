package dev.runnel.store;

import dev.runnel.bus.RunWrite;
import dev.runnel.problem.Problem;
import dev.runnel.run.Run;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How runs come in: as running or as queued, in one statement and one commit. */
final class Arrivals {
  private static final String GIVEN =
      """
      id, created_at, lock_key, sole_key, script_id, script_name, code_identifier, language, runner,
      content_version, sha256, text, args, function, env, working_directory, timeout_ms,
      limit_cpu_seconds, limit_memory_bytes, limit_processes, limit_open_files,
      limit_file_size_bytes, door, trigger, actor_type, actor_id, meta_door, ip, user_agent,
      request_id, priority, lock_limit, script_title, rerun_of
      """;

  /**
   * One row, one event, three to five index entries; whatever is stored. A command brings its own
   * slot and takes nothing from the queue, so it does not wait behind it.
   *
   * <p>$1 whether a slot is free, $2 and $3 the lease, then {@link #GIVEN}, $38 when the wait is
   * over. What goes in is: more questions, the place to run in and where it comes from, what else
   * must hold to start, the same two of waiting, and the rest of the answer.
   */
  private static final String INSERT =
      """
      WITH RECURSIVE given AS (
        SELECT $4::uuid AS id, $5::timestamptz, $6::text, $7::text, $8::uuid, $9::text, $10::text,
               $11::text, $12::text, $13::bigint, $14::text, $15::text, $16::text[], $17::text,
               $18::bytea, $19::text, $20::bigint, $21::bigint, $22::bigint, $23::bigint,
               $24::bigint, $25::bigint, $26::text, $27::text, $28::text, $29::text, $30::text,
               $31::text, $32::text, $33::text, $34::smallint, $35::smallint,
               $36::text, $37::uuid),
      LOCKS,
      MORE_QUESTIONS
      started AS (
        INSERT INTO runs (
          GIVEN, updated_at, started_at, last_seq, status, node_id, lease_epoch, place)
        SELECT given.*, $5, $5, 1, 'running', $2::uuid, $3::bigint, RUNNING_PLACE
         WHERE $1
           AND EXISTS (SELECT FROM nodes WHERE nodes.id = $2 AND epoch = $3)
           AND ($26 = 'command_line'
                OR NOT EXISTS (SELECT FROM runs WHERE status = 'queued' AND lock_key IS NULL
                                  AND priority >= $34)
                   AND NOT EXISTS (SELECT FROM free_locks WHERE priority >= $34))
           RUNNING_CONDITION
        ON CONFLICT DO NOTHING
        RETURNING task_id),
      waiting AS (
        INSERT INTO runs (GIVEN, updated_at, last_seq, status, queue_deadline, place)
        SELECT given.*, $5, 1, 'queued', $38::timestamptz, WAITING_PLACE
         WHERE NOT EXISTS (SELECT FROM started)
           WAITING_CONDITION
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
      AND_KEY
      SELECT stored.task_id, stored.running, REST_OF_ANSWER
        FROM (VALUES (1)) AS one LEFT JOIN stored ON true
      """
          .replace("LOCKS,", QueueTable.LOCKS + ",")
          .replace("GIVEN,", GIVEN + ",");

  /** Only the same run, sent again, is in its way. */
  private static final String FREE =
      INSERT
          .replace("MORE_QUESTIONS", "")
          .replace("RUNNING_PLACE", "0 FROM given")
          .replace("RUNNING_CONDITION", "")
          .replace("WAITING_PLACE", "0 FROM given")
          .replace("WAITING_CONDITION", "")
          .replace("REST_OF_ANSWER", "NULL::uuid, false, stored.task_id IS NULL");

  /**
   * One probe more for each place that is looked at until a free one is found: to run in, else to
   * wait in; every run begins to look somewhere else. A place that somebody takes meanwhile shows
   * as a conflict: on runs_lock, and the row is queued instead, or on runs_places, and the row is
   * sent again. The last value is how many may wait for the lock.
   */
  private static final String LOCKED =
      INSERT
          .replace(
              "MORE_QUESTIONS",
              """
              active AS (
                SELECT id FROM runs WHERE status = 'running' AND lock_key = $7
                UNION ALL
                SELECT id FROM runs WHERE status = 'queued' AND lock_key = $7
                LIMIT 1),
              """
                  + place("free_place", "running", "$35")
                  + place("waiting_place", "queued", "LOCK_QUEUE"))
          .replace("RUNNING_PLACE", "free_place.place FROM given, free_place")
          .replace(
              "RUNNING_CONDITION",
              "AND free_place.place IS NOT NULL AND NOT EXISTS (SELECT FROM active)")
          .replace("WAITING_PLACE", "waiting_place.place FROM given, waiting_place")
          .replace(
              "WAITING_CONDITION",
              "AND waiting_place.place IS NOT NULL AND NOT EXISTS (SELECT FROM active)")
          .replace(
              "REST_OF_ANSWER",
              """
              (SELECT id FROM active),
              CASE WHEN stored.task_id IS NULL THEN (SELECT place IS NULL FROM waiting_place) END,
              CASE WHEN stored.task_id IS NULL THEN EXISTS (SELECT FROM runs WHERE id = $4) END
              """);

  private static final String INSERT_FREE = FREE.replace("AND_KEY", "");
  private static final String INSERT_LOCKED =
      LOCKED.replace("AND_KEY", "").replace("LOCK_QUEUE", "$39");

  /** One row and two index entries more; nothing at all when the key is there already. */
  private static final String INSERT_FREE_ONCE = FREE.replace("AND_KEY", SubmitKeyTable.WITH_RUN);

  private static final String INSERT_LOCKED_ONCE =
      LOCKED.replace("AND_KEY", SubmitKeyTable.WITH_RUN).replace("LOCK_QUEUE", "$43");

  private static String place(String name, String status, String limit) {
    return """
    %1$s AS (
      SELECT (SELECT spot.place FROM (
         SELECT (n + ('x' || right($4::text, 6))::bit(24)::int) %% %3$s::int AS place
           FROM generate_series(1, %3$s::int) AS n) AS spot
        WHERE (SELECT r.id FROM runs r
                WHERE r.status = '%2$s' AND r.lock_key = $6 AND r.place = spot.place
                LIMIT 1) IS NULL
        LIMIT 1) AS place),
    """
        .formatted(name, status, limit);
  }

  /** One index probe. */
  private static final String HOLDER =
      """
      SELECT id FROM runs WHERE status = 'running' AND lock_key = $1
      UNION ALL
      SELECT id FROM runs WHERE status = 'queued' AND lock_key = $1
      LIMIT 1
      """;

  /** One index probe. */
  private static final String RUNS_HERE =
      """
      SELECT EXISTS (SELECT FROM runs
                      WHERE id = $1 AND status = 'running' AND node_id = $2 AND lease_epoch = $3)
      """;

  private static final Batch.Bounds BOUNDS = new Batch.Bounds(2, 128, 4 << 20);
  private static final int TRIES = 20;
  private static final int KEY_TRIES = 3;

  /** The runs of one script end at their own pace, which nobody here knows. */
  private static final Duration LOCK_QUEUE_RETRY = Duration.ofSeconds(5);

  /**
   * What became of a row.
   *
   * @param taskId null: it was not stored
   * @param active who has the lock that it does not wait for
   * @param full too many wait for its lock
   * @param known it was stored before
   */
  private record Placed(
      @Nullable Long taskId, boolean running, @Nullable UUID active, boolean full, boolean known) {}

  private final Database database;
  private final SealedEnv env;
  private final RunTable runs;
  private final SubmitKeyTable keys;
  private final Batch<RunWrite.Insert, Placed> free;
  private final Batch<RunWrite.Insert, Placed> locked;

  Arrivals(Database database, SealedEnv env, RunTable runs, SubmitKeyTable keys, Context context) {
    this.database = database;
    this.env = env;
    this.runs = runs;
    this.keys = keys;
    this.free =
        new Batch<>(
            context,
            BOUNDS,
            Arrivals::weight,
            Comparator.comparing(RunWrite.Insert::id),
            batch ->
                database.each(
                    INSERT_FREE, batch.stream().map(this::values).toList(), Arrivals::placed));
    this.locked =
        new Batch<>(
            context,
            BOUNDS,
            Arrivals::weight,
            Comparator.comparing(Arrivals::lock),
            batch ->
                database.each(
                    INSERT_LOCKED,
                    batch.stream().map(one -> values(one).addInteger(one.lockQueue())).toList(),
                    Arrivals::placed));
  }

  private static String lock(RunWrite.Insert insert) {
    return Objects.requireNonNull(insert.request().turn().lock());
  }

  Future<RunWrite.Inserted> insert(RunWrite.Insert insert) {
    var batch = insert.request().turn().lock() == null ? free : locked;
    return insert(insert, () -> batch.add(insert), TRIES);
  }

  /** A statement of its own: a key that is there already fails nobody else's start. */
  Future<RunWrite.Inserted> insertOnce(RunWrite.InsertOnce once) {
    return insertOnce(once, KEY_TRIES);
  }

  private Future<RunWrite.Inserted> insertOnce(RunWrite.InsertOnce once, int tries) {
    var insert = once.insert();
    return insert(insert, () -> placeOnce(once), TRIES)
        .recover(failure ->
            SubmitKeyTable.mayBeRepeat(failure)
                ? keys.find(once.key(), insert.now())
                    .compose(first -> repeated(once, first, failure, tries))
                : Future.failedFuture(failure));
  }

  private Future<Placed> placeOnce(RunWrite.InsertOnce once) {
    var insert = once.insert();
    var values = keys.add(values(insert), once.key());
    return (insert.request().turn().lock() == null
            ? database.list(INSERT_FREE_ONCE, values, Arrivals::placed)
            : database.list(
                INSERT_LOCKED_ONCE, values.addInteger(insert.lockQueue()), Arrivals::placed))
        .map(List::getFirst);
  }

  private Future<RunWrite.Inserted> repeated(
      RunWrite.InsertOnce once, Optional<Run> first, Throwable failure, int tries) {
    if (first.isPresent()) {
      return Future.succeededFuture(new RunWrite.Inserted(first.get(), false));
    }
    return failure instanceof Problem || tries == 1
        ? Future.failedFuture(failure)
        : keys.removeStale(once.key(), once.insert().now())
            .compose(_ -> insertOnce(once, tries - 1));
  }

  private Future<RunWrite.Inserted> insert(
      RunWrite.Insert insert, Supplier<Future<Placed>> place, int tries) {
    return place
        .get()
        .compose(placed ->
            placed.taskId() == null
                ? refused(insert, placed, place, tries)
                : Future.succeededFuture(inserted(insert, placed.taskId(), placed.running())));
  }

  private static RunWrite.Inserted inserted(RunWrite.Insert insert, long task, boolean running) {
    return new RunWrite.Inserted(
        RunRow.fresh(insert.id(), task, insert.request(), insert.now(), running), running);
  }

  /**
   * The same insert came before and its answer was lost, somebody else has the lock, or too many
   * wait for it.
   */
  private Future<RunWrite.Inserted> refused(
      RunWrite.Insert insert, Placed placed, Supplier<Future<Placed>> place, int tries) {
    var active = placed.active();
    if (active != null && !active.equals(insert.id())) {
      return Future.failedFuture(new Problem.Busy(active));
    }
    if (placed.known()) {
      return runs.find(insert.id())
          .compose(stored ->
              stored.isPresent() ? again(insert, stored.get()) : oneMoreTry(insert, place, tries));
    }
    if (placed.full()) {
      return Future.failedFuture(
          new Problem.QueueFull(
              insert.lockQueue() + " runs of this script are waiting already", LOCK_QUEUE_RETRY));
    }
    return insert.request().turn().refuseWhenBusy()
        ? busyOrFree(insert, place, tries)
        : oneMoreTry(insert, place, tries);
  }

  /** A run that another node has claimed meanwhile is not the caller's to start. */
  private Future<RunWrite.Inserted> again(RunWrite.Insert insert, Run stored) {
    var lease = insert.lease();
    return database
        .run(RUNS_HERE, Tuple.of(insert.id(), lease.node(), lease.epoch()))
        .map(rows -> new RunWrite.Inserted(stored, rows.iterator().next().getBoolean(0)));
  }

  /** A conflict with a run that this statement could not see yet, and that may be over now. */
  private Future<RunWrite.Inserted> busyOrFree(
      RunWrite.Insert insert, Supplier<Future<Placed>> place, int tries) {
    return database
        .first(HOLDER, Tuple.of(lock(insert)), row -> row.getUUID(0))
        .compose(holder ->
            holder.isPresent()
                ? Future.failedFuture(new Problem.Busy(holder.get()))
                : oneMoreTry(insert, place, tries));
  }

  private Future<RunWrite.Inserted> oneMoreTry(
      RunWrite.Insert insert, Supplier<Future<Placed>> place, int tries) {
    return tries > 1
        ? insert(insert, place, tries - 1)
        : Future.failedFuture(Failures.away("The script's runs come and go too fast"));
  }

  private static int weight(RunWrite.Insert insert) {
    var request = insert.request();
    return 1_024 + (request.scriptId() == null ? request.invocation().text().length() : 0);
  }

  private static Placed placed(Row row) {
    return new Placed(
        row.getLong(0),
        isTrue(row.getBoolean(1)),
        row.getUUID(2),
        isTrue(row.getBoolean(3)),
        isTrue(row.getBoolean(4)));
  }

  private static boolean isTrue(@Nullable Boolean cell) {
    return cell != null && cell;
  }

  private Tuple values(RunWrite.Insert insert) {
    var request = insert.request();
    var invocation = request.invocation();
    var script = invocation.script();
    var meta = request.meta();
    var turn = request.turn();
    var values =
        Tuple.of(insert.slotFree(), insert.lease().node(), insert.lease().epoch())
            .addUUID(insert.id())
            .addOffsetDateTime(Cells.at(insert.now()))
            .addString(turn.lock())
            .addString(turn.refuseWhenBusy() ? turn.lock() : null)
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
        .addString(meta.requestId())
        .addInteger(turn.priority())
        .addInteger(turn.limit())
        .addString(script.title().equals(script.name()) ? null : script.title())
        .addUUID(meta.rerunOf())
        .addOffsetDateTime(
            turn.patience() == null ? null : Cells.at(insert.now().plus(turn.patience())));
  }
}
