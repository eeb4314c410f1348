package dev.runnel.execution;

import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.time.Instant;
import java.util.function.Consumer;
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
  private int killed;
  private volatile boolean killing;

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

  /** Has {@code over} told, on any thread, when the run goes over a limit. */
  void watch(RunLimits limits, Consumer<Breach> over) {
    host.watch(child, limits, over);
  }

  /** Whether the kernel has just killed something for want of memory. */
  Future<Boolean> sawOutOfMemory() {
    return workers.executeBlocking(host::sawOutOfMemory, false);
  }

  /** Asks all of the run's processes to end (SIGTERM). */
  void terminate() {
    onWorker("SIGTERM", () -> host.terminate(child));
  }

  /** Ends all of the run's processes (SIGKILL). */
  void kill() {
    killing = true;
    onWorker("SIGKILL", this::killNow);
  }

  /**
   * Ends what is left of the run. Answers how many of its processes had to be killed; what it left
   * in files goes afterwards, nobody waits for that.
   */
  Future<Integer> end() {
    // Whoever kills meanwhile may not have counted yet.
    return (child.leftNothing() && !killing ? forgotten() : ended())
        .onComplete(_ -> onWorker("cleaning up", this::cleanUp));
  }

  private Future<Integer> forgotten() {
    host.ended(child);
    child.closeOutput();
    return Future.succeededFuture(0);
  }

  private Future<Integer> ended() {
    return workers.executeBlocking(
        () -> {
          int all = killNow();
          child.closeOutput();
          return all;
        },
        false);
  }

  /** One at a time: whoever comes second has to know how many the first one killed. */
  private synchronized int killNow() {
    killed += host.kill(child);
    return killed;
  }

  private void cleanUp() {
    host.cleanUp(child);
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
