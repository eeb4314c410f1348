package dev.runnel.execution;

import dev.runnel.bus.RunWrite;
import dev.runnel.problem.Problem;
import dev.runnel.run.Outcome;
import dev.runnel.run.Reason;
import dev.runnel.run.Run;
import dev.runnel.run.RunStatus;
import dev.runnel.run.SubmitKey;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts whose callers were told that they failed, but that may have been committed all the same:
 * they are ended before they run. Used on the execution verticle's context only.
 */
final class Withdrawals {
  private static final Logger LOG = LoggerFactory.getLogger(Withdrawals.class);
  private static final String UNCONFIRMED = "The database did not confirm the start";
  private static final Duration TRY_AGAIN = Duration.ofSeconds(2);

  private final Engine engine;
  private final Set<UUID> underWay = new HashSet<>();
  private boolean closed;

  Withdrawals(Engine engine) {
    this.engine = engine;
  }

  /** Tries no more. */
  void close() {
    closed = true;
  }

  boolean has(UUID run) {
    return underWay.contains(run);
  }

  /** A run that is being withdrawn never runs; its key will be free again. */
  void refuse(Run run) {
    if (has(run.id())) {
      throw new Problem.Unavailable(UNCONFIRMED, TRY_AGAIN);
    }
  }

  /** Ends this run in the records, whether it is there or not; {@code key} came with its start. */
  void add(UUID id, @Nullable SubmitKey key) {
    var never = Outcome.neverStarted(RunStatus.FAILED, Reason.LOST, UNCONFIRMED);
    var now = engine.now();
    underWay.add(id);
    engine
        .bus()
        .ask(new RunWrite.EndQueued(id, now, never))
        .compose(ended ->
            ended
                ? Future.succeededFuture(true)
                : engine.bus().ask(RunWrite.Finish.withoutOutput(id, engine.lease(), now, never)))
        .onSuccess(ended -> {
          if (key != null && ended) {
            forget(key, id);
          } else {
            underWay.remove(id);
          }
        })
        .onFailure(failure -> {
          if (failure instanceof Problem.Unavailable && !closed) {
            engine.timer(TRY_AGAIN.toMillis(), () -> add(id, key));
          } else {
            LOG.warn("Withdrawing the unconfirmed start {} failed", id, failure);
          }
        });
  }

  /** Until then a repeat is told to come back: it would find a run that never was. */
  private void forget(SubmitKey key, UUID id) {
    engine
        .bus()
        .ask(new RunWrite.Forget(key, id))
        .onSuccess(_ -> underWay.remove(id))
        .onFailure(_ -> {
          if (!closed) {
            engine.timer(TRY_AGAIN.toMillis(), () -> forget(key, id));
          }
        });
  }
}
