package dev.runnel.store;

import dev.runnel.config.RetentionOptions;
import dev.runnel.problem.Problem;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes runs over their age or number, and log rows without a run. One node at a time, in small
 * pieces with pauses between them; what is not done when its time is over waits for the next turn.
 * Runs that have not ended are never touched.
 */
public final class Retention extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
  private static final String CHORE = "retention";
  private static final Duration LOOK = Duration.ofMinutes(1);

  /** From the beginning of a turn to that of the next, on whichever node. */
  static final Duration TURN = Duration.ofMinutes(10);

  /** How long one turn may take: well before the next. */
  private static final Duration LONGEST = TURN.dividedBy(2);

  /** A run that ended later is not removed because there are too many. */
  static final Duration TOO_FRESH = Duration.ofHours(1);

  private static final int RUNS = 100;

  /** Of at most 64 KiB each: a few tens of milliseconds for the database. */
  private static final int LOG_ROWS = 256;

  private static final int LOGS_LOOKED_AT = 500;
  private static final int SLICES_OF_LOGS = 20;
  private static final long PAUSE_MS = 20;
  private static final UUID FIRST = new UUID(0, 0);

  private final RetentionTable table;
  private final RetentionOptions options;
  private final InstantSource clock;
  private UUID lookedAt = FIRST;
  private boolean sweeping;
  private boolean stopped;

  /** To be deployed once for each node that serves. */
  public Retention(Database database, RetentionOptions options) {
    this(database, options, InstantSource.system());
  }

  Retention(Database database, RetentionOptions options, InstantSource clock) {
    this.table = new RetentionTable(database);
    this.options = options;
    this.clock = clock;
  }

  @Override
  public Future<?> start() {
    vertx.setPeriodic(LOOK.toMillis(), _ -> sweepIfIdle());
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    stopped = true;
    return Future.succeededFuture();
  }

  private void sweepIfIdle() {
    if (sweeping) {
      return;
    }
    sweeping = true;
    sweep()
        .onComplete(done -> {
          sweeping = false;
          if (done.succeeded() && done.result() > 0) {
            LOG.info("{} runs were removed: over their age or number", done.result());
          } else if (done.failed() && !(done.cause() instanceof Problem.Unavailable)) {
            LOG.warn("Removing old runs failed, trying again later", done.cause());
          }
        });
  }

  /** One turn, if it is this node's: answers how many runs it removed. */
  Future<Integer> sweep() {
    var now = clock.instant();
    return table
        .takeTurn(CHORE, now, now.plus(TURN))
        .compose(ours -> ours ? new Turn(now).run() : Future.succeededFuture(0));
  }

  /** What is done in one turn. */
  private final class Turn {
    private final Instant began;
    private int removed;

    Turn(Instant began) {
      this.began = began;
    }

    Future<Integer> run() {
      return byAge().compose(_ -> byCount(FIRST)).compose(_ -> orphans(0)).map(_ -> removed);
    }

    private Future<?> byAge() {
      if (options.days() == 0) {
        return Future.succeededFuture();
      }
      var limit = began.minus(Duration.ofDays(options.days()));
      return removeAll(FIRST, after -> table.endedBefore(limit, after, RUNS));
    }

    private Future<?> byCount(UUID after) {
      if (options.count() == 0 || isOver()) {
        return Future.succeededFuture();
      }
      return table
          .scriptAfter(after)
          .compose(script ->
              script.isEmpty()
                  ? Future.succeededFuture()
                  : byCountOf(script.get())
                      .compose(_ -> pause())
                      .compose(_ -> byCount(script.get())));
    }

    private Future<?> byCountOf(UUID script) {
      var limit = began.minus(TOO_FRESH);
      return table
          .oneTooMany(script, options.count())
          .compose(newest ->
              newest.isEmpty()
                  ? Future.succeededFuture()
                  : removeAll(
                      FIRST, after -> table.upTo(script, newest.get(), limit, after, RUNS)));
    }

    /** Removes what is found behind a run, in the order of ids, until nothing more is. */
    private Future<?> removeAll(UUID after, Function<UUID, Future<List<UUID>>> search) {
      return search
          .apply(after)
          .compose(found ->
              found.isEmpty()
                  ? Future.succeededFuture()
                  : remove(found)
                      .compose(_ ->
                          isOver()
                              ? Future.succeededFuture()
                              : removeAll(found.getLast(), search)));
    }

    private Future<?> remove(List<UUID> runs) {
      return removeLogs(runs)
          .compose(_ -> isOver() ? Future.succeededFuture(0) : table.remove(runs))
          .compose(count -> {
            removed += count;
            return pause();
          });
    }

    private Future<?> removeLogs(List<UUID> runs) {
      return table
          .removeLog(runs, LOG_ROWS)
          .compose(count ->
              count < LOG_ROWS || isOver()
                  ? Future.succeededFuture()
                  : pause().compose(_ -> removeLogs(runs)));
    }

    /** A part of the log table in each turn, from where the last one ended. */
    private Future<?> orphans(int slice) {
      if (slice == SLICES_OF_LOGS || isOver()) {
        return Future.succeededFuture();
      }
      return table
          .loggedAfter(lookedAt, LOGS_LOOKED_AT)
          .compose(logged -> {
            var isEnd = logged.size() < LOGS_LOOKED_AT;
            lookedAt = isEnd ? FIRST : logged.getLast().run();
            var orphans =
                logged.stream()
                    .filter(one -> !one.exists())
                    .map(RetentionTable.Logged::run)
                    .toList();
            var gone = orphans.isEmpty() ? Future.succeededFuture() : removeLogs(orphans);
            return gone.compose(_ -> pause())
                .compose(_ -> isEnd ? Future.succeededFuture() : orphans(slice + 1));
          });
    }

    private boolean isOver() {
      return stopped || clock.instant().isAfter(began.plus(LONGEST));
    }

    private Future<?> pause() {
      return Future.succeededFuture().compose(_ -> vertx.timer(PAUSE_MS, TimeUnit.MILLISECONDS));
    }
  }
}
