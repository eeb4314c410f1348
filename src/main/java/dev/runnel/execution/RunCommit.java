package dev.runnel.execution;

import dev.runnel.bus.RunWrite;
import dev.runnel.problem.Problem;
import dev.runnel.run.Outcome;
import dev.runnel.run.Output;
import dev.runnel.run.OutputTotals;
import dev.runnel.run.RunEvent;
import dev.runnel.run.Tails;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one run's events into the store, in order, one write at a time: output every {@value
 * #PACE_MS} ms or {@value #PIECE} bytes, the last of it together with the record of the end. Over
 * the log limit it is the record every {@value #MOVE_MS} ms, the stored tail as {@link TailPace}
 * says. A store that is away is asked again until it takes them; meanwhile the pipes are held back.
 */
final class RunCommit {
  private static final Logger LOG = LoggerFactory.getLogger(RunCommit.class);
  private static final long PACE_MS = 200;
  private static final long PIECE = 256 * 1024;
  private static final long MOVE_MS = 1_000;
  private static final long RETRY_MS = 500;

  /** One write; the same one until the store has answered it. */
  private sealed interface Step {
    record Append(List<RunEvent> events) implements Step {}

    /** {@code move} null: only the record. */
    record Tail(LogShelf.@Nullable Move move, RunWrite.Tail write) implements Step {}

    record Finish(List<RunEvent> events, End end) implements Step {}
  }

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
  private final OutputCounter counter;
  private final LogShelf shelf;
  private final TailPace pace;
  private final Runnable refused;
  private final Promise<Void> finished = Promise.promise();
  private @Nullable Step step;
  private @Nullable End end;
  private @Nullable LogChunk newest;
  private @Nullable OutputRing ring;
  private long heldBack;
  private long recorded;
  private boolean writing;
  private boolean armed;
  private boolean moveArmed;
  private boolean moveDue;
  private boolean abandoned;
  private int failures;

  /**
   * @param counter has counted what was added, and no more
   * @param refused ends what runs here: the store says that the run is not ours any more
   */
  RunCommit(
      UUID id,
      Engine engine,
      RunFeed feed,
      Intake intake,
      OutputCounter counter,
      Runnable refused) {
    this.id = id;
    this.engine = engine;
    this.feed = feed;
    this.intake = intake;
    this.counter = counter;
    this.refused = refused;
    this.shelf = new LogShelf(engine.options().log().cap());
    this.pace = new TailPace(engine.options().log().cap(), MOVE_MS);
  }

  /** Takes a copy of this output and answers it as it is in memory. */
  LogChunk add(long seq, Instant at, Output output, byte[] bytes, int from, int size) {
    if (abandoned) {
      feed.settledUpTo(seq);
      return ring().add(seq, at, output, bytes, from, size);
    }
    var chunk = chunk(seq, at, output, bytes, from, size);
    newest = chunk;
    if (shelf.add(chunk)) {
      if (shelf.dueBytes() >= PIECE) {
        write();
      } else {
        arm();
      }
    } else if (isAppending()) {
      // Until it is over, followers may need all of it from memory.
      heldBack += size;
    } else {
      intake.settled(size);
    }
    shelf.gap().ifPresent(this::droppedUpTo);
    return chunk;
  }

  private LogChunk chunk(long seq, Instant at, Output output, byte[] bytes, int from, int size) {
    if (!shelf.isOverWith(size)) {
      return new LogChunk.Whole(
          new RunEvent.Log(seq, at, output, LineChunks.copy(bytes, from, size)));
    }
    return ring().add(seq, at, output, bytes, from, size);
  }

  private OutputRing ring() {
    var known = ring;
    if (known == null) {
      var log = engine.options().log();
      known = new OutputRing(Math.max(log.cap() / 2, log.ring()) + 2 * Intake.HIGH);
      ring = known;
    }
    return known;
  }

  /** The first half, or what came after it before anything was dropped, is not all stored. */
  private boolean isAppending() {
    return shelf.hasDue() || step instanceof Step.Append;
  }

  /** The newest output where the store does not have it, at most {@code bytes} of each stream. */
  Optional<Tails> tails(int bytes) {
    return shelf.tails(bytes);
  }

  /** What there is and what comes is dropped: nothing we write about this run counts. */
  void abandon() {
    abandoned = true;
    step = null;
    intake.letGo();
    finished.tryComplete();
  }

  private void droppedUpTo(RunEvent.Gap gap) {
    feed.dropped(gap);
    if (!isAppending()) {
      feed.settledUpTo(gap.seq());
    }
    armMove();
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

  private void armMove() {
    if (!moveArmed && end == null) {
      moveArmed = true;
      engine.timer(
          MOVE_MS,
          () -> {
            moveArmed = false;
            moveDue = true;
            write();
          });
    }
  }

  private void write() {
    if (writing || abandoned) {
      return;
    }
    var next = step == null ? next() : step;
    if (next == null) {
      return;
    }
    step = next;
    writing = true;
    asked(next)
        .onComplete(done -> {
          writing = false;
          if (abandoned) {
            return;
          }
          if (done.succeeded()) {
            written(done.result(), next);
          } else {
            failed(done.cause());
          }
        });
  }

  private @Nullable Step next() {
    var events = shelf.take(PIECE);
    var last = end;
    if (last != null && !shelf.hasDue() && !shelf.isTailBehind()) {
      var all = new ArrayList<>(events);
      all.add(last.status);
      all.add(last.done);
      return new Step.Finish(all, last);
    }
    if (!events.isEmpty()) {
      return new Step.Append(events);
    }
    if (last != null) {
      return tail(shelf.catchUp(PIECE), last.totals);
    }
    if (!moveDue) {
      return null;
    }
    moveDue = false;
    var whole = pace.isDue(engine.millis());
    return tail(whole ? shelf.move(TailPace.WINDOW) : null, counter.soFar());
  }

  private Step tail(LogShelf.@Nullable Move move, OutputTotals totals) {
    var last = Objects.requireNonNull(newest);
    return new Step.Tail(
        move,
        new RunWrite.Tail(
            id,
            engine.lease(),
            move == null ? null : move.gap(),
            move == null ? List.of() : move.events(),
            totals,
            last.at(),
            last.seq()));
  }

  private Future<Boolean> asked(Step next) {
    return switch (next) {
      case Step.Append(var events) ->
          engine.bus().ask(new RunWrite.Append(id, engine.lease(), events));
      case Step.Tail(_, var write) -> engine.bus().ask(write);
      case Step.Finish(var events, var last) ->
          engine
              .bus()
              .ask(
                  new RunWrite.Finish(
                      id,
                      engine.lease(),
                      last.startedAt,
                      last.now,
                      events,
                      last.outcome,
                      null,
                      last.totals,
                      shelf.gap().isPresent(),
                      last.lastOutputAt,
                      last.done.seq()));
    };
  }

  private void written(boolean ours, Step done) {
    failures = 0;
    step = null;
    if (!ours) {
      // Another node or an unconfirmed write of ours has ended it; the store knows how.
      LOG.warn("Run {} was ended elsewhere; what this node still had of it is dropped", id);
      abandon();
      refused.run();
      return;
    }
    switch (done) {
      case Step.Append(var events) -> appended(events);
      case Step.Tail(var move, var write) -> moved(move, write);
      case Step.Finish(_, var last) -> {
        feed.settledUpTo(last.done.seq());
        feed.add(last.status);
        feed.add(last.done);
        finished.tryComplete();
        return;
      }
    }
    if (end != null || shelf.dueBytes() >= PIECE || moveDue) {
      write();
    } else if (shelf.hasDue()) {
      arm();
    }
  }

  private void appended(List<RunEvent> events) {
    for (var event : events) {
      if (event instanceof RunEvent.Log log && end == null) {
        intake.settled(log.bytes().length);
      }
    }
    shelf.stored(events.getLast().seq());
    feed.settledUpTo(events.getLast().seq());
    if (!shelf.hasDue()) {
      intake.settled(heldBack);
      heldBack = 0;
    }
  }

  private void moved(LogShelf.@Nullable Move move, RunWrite.Tail write) {
    recorded = write.lastSeq();
    if (move != null) {
      shelf.moved(move);
      pace.moved(engine.millis(), move.bytes());
    }
    shelf.gap().ifPresent(gap -> feed.settledUpTo(shelf.isTailBehind() ? gap.seq() : recorded));
    if (newest != null && newest.seq() > recorded) {
      armMove();
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
