package dev.runnel.execution;

import dev.runnel.bus.RunWrite.Claimed;
import dev.runnel.run.Outcome;
import dev.runnel.run.Output;
import dev.runnel.run.OutputTotals;
import dev.runnel.run.Reason;
import dev.runnel.run.Run;
import dev.runnel.run.RunEvent;
import dev.runnel.run.RunStatus;
import dev.runnel.run.Tails;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One run on this node, from its start to its committed end. Lives on the execution verticle's
 * context; what blocks is handed to workers.
 *
 * <p>The end has an order: the leading process exits → its pipes are drained → what is left of its
 * processes is killed → the slot is free → the record is committed → followers see {@code done}.
 */
final class ActiveRun {
  /** How long pipes are read after the leading process has ended. */
  private static final long DRAIN_MS = 2_000;

  /** The same after we ended it. */
  private static final long DRAIN_AFTER_STOP_MS = 300;

  private final Run run;
  private final Claimed claimed;
  private final Engine engine;
  private final RunLimits limits;
  private final RunFeed feed;
  private final RunCommit commit;
  private final Intake intake;
  private final OutputCounter counter = new OutputCounter();
  private final OutputChunks chunks;
  private final Set<Output> open = EnumSet.allOf(Output.class);
  private final StartGate gate = new StartGate();
  private final Promise<Void> slotFree = Promise.promise();
  private final Promise<Void> ended = Promise.promise();

  private @Nullable Execution execution;
  private @Nullable ExitStatus exit;
  private @Nullable Stop stop;
  private @Nullable Breach breach;
  private @Nullable Instant lastOutputAt;
  private String sentSignal = "SIGTERM";
  private boolean ending;
  private long seq;
  private long timeLimitTimer = -1;
  private long startTimer = -1;
  private Instant startedAt;

  ActiveRun(Claimed claimed, Engine engine) {
    this.claimed = claimed;
    this.run = claimed.run();
    this.engine = engine;
    this.limits = RunLimits.of(claimed.invocation().limits(), engine.options().limit());
    this.feed = new RunFeed(engine.options().log().ring());
    this.intake = new Intake(engine.context(), this);
    this.commit = new RunCommit(run.id(), engine, feed, intake, counter, this::abandon);
    this.seq = run.lastSeq();
    this.startedAt = run.startedAt() == null ? engine.now() : run.startedAt();
    this.chunks = new OutputChunks(engine, this::emit);
    feed.settledUpTo(seq);
    feed.add(new RunEvent.Status(seq, startedAt, RunStatus.RUNNING, null));
  }

  Run run() {
    return run;
  }

  RunFeed feed() {
    return feed;
  }

  /** See {@link RunCommit#tails}. */
  Optional<Tails> tails(int bytes) {
    return commit.tails(bytes);
  }

  /** Completes when the record of the end is committed (or is not ours any more). */
  Future<Void> ended() {
    return ended.future();
  }

  /** Starts the process. Completes when its slot is free again. */
  Future<Void> execute() {
    var limit = engine.options().execution().startTimeout();
    startTimer = engine.timer(limit.toMillis(), () -> startTakesTooLong(limit));
    engine
        .starter()
        .start(run, claimed.invocation(), intake, gate)
        .onSuccess(this::started)
        .onFailure(failure -> couldNotStart(Starter.explain(failure)));
    return slotFree.future();
  }

  /** A process that is just being started cannot be called back: it ends as soon as it is there. */
  private void startTakesTooLong(Duration limit) {
    var late = new Stop.StartTimedOut(limit);
    if (gate.pass()) {
      couldNotStart(late.message());
    } else {
      stop(late);
    }
  }

  /** Ends the run early; the first reason counts. */
  void stop(Stop why) {
    if (stop != null || exit != null) {
      return;
    }
    stop = why;
    if (execution != null) {
      terminate(execution);
    }
  }

  /** Another node has ended the run in the records: it is killed at once, nothing is written. */
  void abandon() {
    if (stop instanceof Stop.TakenOver) {
      return;
    }
    stop = new Stop.TakenOver();
    commit.abandon();
    if (execution != null) {
      terminate(execution);
    }
  }

  private void started(Execution started) {
    engine.cancelTimer(startTimer);
    execution = started;
    startedAt = started.startedAt();
    intake.holdsBack(started.tap());
    if (exit != null) {
      drain();
    } else if (stop != null) {
      terminate(started);
    } else {
      var limit = timeout();
      timeLimitTimer = engine.timer(limit.toMillis(), () -> stop(new Stop.TimedOut(limit)));
      started.watch(limits, found -> engine.context().runOnContext(_ -> over(found)));
    }
  }

  private Duration timeout() {
    var asked = claimed.invocation().timeout();
    var most = engine.options().limit().timeMax();
    return asked.compareTo(most) < 0 ? asked : most;
  }

  /** Ends the run; if it has ended already, this is why. */
  private void over(Breach found) {
    if (breach == null) {
      breach = found;
      stop(new Stop.OverLimit(found));
    }
  }

  private void couldNotStart(@Nullable String message) {
    engine.cancelTimer(startTimer);
    if (!slotFree.tryComplete()) {
      return; // given up before
    }
    say(message);
    finish(new Outcome(RunStatus.FAILED, Reason.COULD_NOT_START, 1, null, message, 0, null, null));
  }

  private void terminate(Execution running) {
    if (stop instanceof Stop.TakenOver) {
      sentSignal = "SIGKILL";
      if (!ending) {
        running.kill();
      }
      return;
    }
    if (stop instanceof Stop.TimedOut
        || stop instanceof Stop.StartTimedOut
        || stop instanceof Stop.OverLimit) {
      chunks.emitAll();
      say(stop.message());
    }
    if (stop instanceof Stop.OverLimit) {
      sentSignal = "SIGKILL";
      running.kill();
      return;
    }
    running.terminate();
    engine.timer(
        engine.options().execution().killGrace().toMillis(),
        () -> {
          if (!ending) {
            sentSignal = "SIGKILL";
            running.kill();
          }
        });
  }

  /** The first {@code size} bytes, which are copied. */
  void output(Output output, byte[] bytes, int size) {
    lastOutputAt = engine.now();
    chunks.add(output, bytes, size);
  }

  void closed(Output output) {
    open.remove(output);
    if (exit != null && open.isEmpty() && execution != null) {
      processesEnd(execution);
    }
  }

  void exited(ExitStatus status) {
    exit = status;
    engine.cancelTimer(timeLimitTimer);
    if (execution != null) {
      drain();
    }
  }

  private void drain() {
    var running = execution;
    if (running == null) {
      return;
    }
    if (open.isEmpty()) {
      processesEnd(running);
    } else {
      engine.timer(
          stop == null ? DRAIN_MS : DRAIN_AFTER_STOP_MS,
          () -> {
            if (intake.isHeldBack()) {
              drain(); // it is us who keep the pipe full
            } else {
              processesEnd(running);
            }
          });
    }
  }

  private void processesEnd(Execution running) {
    if (ending) {
      return;
    }
    ending = true;
    running.end().onComplete(killed -> gone(running, killed.succeeded() ? killed.result() : 0));
  }

  private void gone(Execution running, int killed) {
    slotFree.complete();
    chunks.emitAll();
    var status = Objects.requireNonNull(exit);
    if (stop != null) {
      finish(stop.outcome(status, sentSignal, killed));
    } else if (Verdict.looksKilled(status)) {
      running
          .sawOutOfMemory()
          .onComplete(seen ->
              finish(Verdict.of(status, limits, breach, seen.otherwise(false).result(), killed)));
    } else {
      finish(Verdict.of(status, limits, breach, false, killed));
    }
  }

  private void finish(Outcome outcome) {
    if (stop instanceof Stop.TakenOver) {
      ended.complete();
      return;
    }
    var now = engine.now();
    OutputTotals totals = counter.soFar();
    var status = new RunEvent.Status(++seq, now, outcome.status(), outcome.exitCode());
    var done = new RunEvent.Done(++seq, now, outcome.status(), outcome.exitCode(), totals);
    commit
        .finish(startedAt, now, status, done, outcome, totals, lastOutputAt)
        .onComplete(_ -> ended.complete());
  }

  /** A line of ours among the script's error output; it counts as output. */
  private void say(@Nullable String message) {
    var line = (message + "\n").getBytes(StandardCharsets.UTF_8);
    lastOutputAt = engine.now();
    emit(Output.STDERR, line, 0, line.length);
  }

  private void emit(Output output, byte[] bytes, int from, int size) {
    counter.count(output, bytes, from, size);
    feed.add(commit.add(++seq, engine.now(), output, bytes, from, size));
  }
}
