package dev.runnel.execution;

import dev.runnel.bus.RunWrite;
import dev.runnel.problem.Problem;
import dev.runnel.run.Outcome;
import dev.runnel.run.OutputTotals;
import dev.runnel.run.RunEvent;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one run's events into the store, in order, one write at a time: output every {@value
 * #PACE_MS} ms or {@value #PIECE} bytes, the last of it together with the record of the end. A
 * store that is away is asked again until it takes them; meanwhile the pipes are held back.
 */
final class RunCommit {
  private static final Logger LOG = LoggerFactory.getLogger(RunCommit.class);
  private static final long PACE_MS = 200;
  private static final long PIECE = 256 * 1024;
  private static final long RETRY_MS = 500;

  /** What is known when a run has ended; stored with the last events. */
  private record End(
      Instant startedAt,
      Instant now,
      RunEvent.Status status,
      RunEvent.Done done,
      Outcome outcome,
      OutputTotals totals,
      @Nullable Instant lastOutputAt) {}

  private final UUID id;
  private final Engine engine;
  private final RunFeed feed;
  private final Intake intake;
  private final LogShelf shelf;
  private final Runnable refused;
  private final Promise<Void> finished = Promise.promise();
  private List<RunEvent> inFlight = List.of();
  private @Nullable End end;
  private boolean writing;
  private boolean armed;
  private boolean abandoned;
  private int failures;

  /**
   * @param refused ends what runs here: the store says that the run is not ours any more
   */
  RunCommit(UUID id, Engine engine, RunFeed feed, Intake intake, Runnable refused) {
    this.id = id;
    this.engine = engine;
    this.feed = feed;
    this.intake = intake;
    this.refused = refused;
    this.shelf = new LogShelf(engine.options().log().cap());
  }

  /** Takes output over. */
  void add(RunEvent.Log log) {
    if (abandoned) {
      return;
    }
    var waiting = shelf.add(log);
    intake.settled(log.bytes().length - waiting);
    shelf.gap().ifPresent(this::droppedUpTo);
    if (shelf.dueBytes() >= PIECE) {
      write();
    } else if (waiting > 0) {
      arm();
    }
  }

  /** What there is and what comes is dropped: nothing we write about this run counts. */
  void abandon() {
    abandoned = true;
    inFlight = List.of();
    intake.letGo();
    finished.tryComplete();
  }

  private void droppedUpTo(RunEvent.Gap gap) {
    feed.dropped(gap);
    if (!writing && !shelf.hasDue()) {
      feed.settledUpTo(gap.seq());
    }
  }

  /** Stores what is left and the end; completes when it is committed or no longer ours. */
  Future<Void> finish(
      Instant startedAt,
      Instant now,
      RunEvent.Status status,
      RunEvent.Done done,
      Outcome outcome,
      OutputTotals totals,
      @Nullable Instant lastOutputAt) {
    end = new End(startedAt, now, status, done, outcome, totals, lastOutputAt);
    shelf.finish(List.of(status, done));
    write();
    return finished.future();
  }

  private void arm() {
    if (!armed) {
      armed = true;
      engine.timer(
          PACE_MS,
          () -> {
            armed = false;
            write();
          });
    }
  }

  private void write() {
    if (writing || abandoned) {
      return;
    }
    if (inFlight.isEmpty()) {
      inFlight = shelf.take(PIECE);
    }
    if (inFlight.isEmpty()) {
      return;
    }
    writing = true;
    var ending = shelf.hasDue() ? null : end;
    (ending == null ? append() : finish(ending))
        .onComplete(done -> {
          writing = false;
          if (abandoned) {
            return;
          }
          if (done.succeeded()) {
            written(done.result(), ending);
          } else {
            failed(done.cause());
          }
        });
  }

  private Future<Boolean> append() {
    return engine.bus().ask(new RunWrite.Append(id, engine.lease(), inFlight));
  }

  private Future<Boolean> finish(End end) {
    return engine
        .bus()
        .ask(
            new RunWrite.Finish(
                id,
                engine.lease(),
                end.startedAt,
                end.now,
                inFlight,
                end.outcome,
                null,
                end.totals,
                shelf.gap().isPresent(),
                end.lastOutputAt,
                end.done.seq()));
  }

  private void written(boolean ours, @Nullable End ending) {
    failures = 0;
    if (!ours) {
      // Another node or an unconfirmed write of ours has ended it; the store knows how.
      LOG.warn("Run {} was ended elsewhere; what this node still had of it is dropped", id);
      abandon();
      refused.run();
      return;
    }
    for (var event : inFlight) {
      if (event instanceof RunEvent.Log log && ending == null && end == null) {
        intake.settled(log.bytes().length);
      }
    }
    feed.settledUpTo(inFlight.getLast().seq());
    inFlight = List.of();
    if (ending != null) {
      feed.add(ending.status);
      feed.add(ending.done);
      feed.settledUpTo(ending.done.seq());
      finished.complete();
    } else if (end != null || shelf.dueBytes() >= PIECE) {
      write();
    } else if (shelf.hasDue()) {
      arm();
    }
  }

  private void failed(Throwable cause) {
    if (failures++ % 20 == 0) {
      if (cause instanceof Problem.Unavailable) {
        LOG.warn("Run {}: {}; its output waits", id, cause.getMessage());
      } else {
        LOG.error("Run {}: storing its output failed, trying again", id, cause);
      }
    }
    engine.timer(RETRY_MS, this::write);
  }
}
