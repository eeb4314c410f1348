package dev.runnel.execution;

import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A run's processes, once the leading one was started. Its methods never block. */
final class Execution {
  private static final Logger LOG = LoggerFactory.getLogger(Execution.class);

  /** What is to be done when all processes are gone. */
  interface CleanUp {
    void run() throws IOException;
  }

  private final WorkerExecutor workers;
  private final ProcessHost host;
  private final Child child;
  private final Instant startedAt;
  private final CleanUp forget;
  private final @Nullable CleanUp cleanUp;
  private final AtomicInteger killed = new AtomicInteger();

  /**
   * @param forget strikes the run from the ledger
   * @param cleanUp null when there is nothing to clean up
   */
  Execution(
      WorkerExecutor workers,
      ProcessHost host,
      Child child,
      Instant startedAt,
      CleanUp forget,
      @Nullable CleanUp cleanUp) {
    this.workers = workers;
    this.host = host;
    this.child = child;
    this.startedAt = startedAt;
    this.forget = forget;
    this.cleanUp = cleanUp;
  }

  Child child() {
    return child;
  }

  Instant startedAt() {
    return startedAt;
  }

  /** Asks all of the run's processes to end (SIGTERM). */
  void terminate() {
    onWorker("SIGTERM", () -> host.terminate(child));
  }

  /** Ends all of the run's processes (SIGKILL). */
  void kill() {
    onWorker("SIGKILL", () -> killed.addAndGet(host.kill(child)));
  }

  /**
   * Ends what is left of the run. Answers how many of its processes had to be killed; what it left
   * in files goes afterwards, nobody waits for that.
   */
  Future<Integer> end() {
    return (child.leftNothing() ? forgotten() : ended())
        .onComplete(_ -> onWorker("cleaning up", this::cleanUp));
  }

  private Future<Integer> forgotten() {
    host.ended(child);
    child.closeOutput();
    return Future.succeededFuture(killed.get());
  }

  private Future<Integer> ended() {
    return workers.executeBlocking(
        () -> {
          var all = killed.addAndGet(host.kill(child));
          child.closeOutput();
          return all;
        },
        false);
  }

  private void cleanUp() {
    clean(forget);
    if (cleanUp != null) {
      clean(cleanUp);
    }
  }

  private static void clean(CleanUp cleanUp) {
    try {
      cleanUp.run();
    } catch (IOException failure) {
      LOG.warn("What a run has left could not be removed: {}", failure.toString());
    }
  }

  private void onWorker(String what, Runnable action) {
    workers
        .executeBlocking(
            () -> {
              action.run();
              return null;
            },
            false)
        .onFailure(failure -> LOG.error("{} for process {} failed", what, child.pid(), failure));
  }
}
