package dev.runnel.execution;

import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.time.Instant;
import java.util.function.Consumer;
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
  private final CleanUp cleanUp;
  private int killed;

  Execution(
      WorkerExecutor workers, ProcessHost host, Child child, Instant startedAt, CleanUp cleanUp) {
    this.workers = workers;
    this.host = host;
    this.child = child;
    this.startedAt = startedAt;
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
    onWorker("SIGKILL", this::killNow);
  }

  /**
   * Ends what is left of the run. Answers how many of its processes had to be killed; its directory
   * goes afterwards, nobody waits for that.
   */
  Future<Integer> end() {
    return workers
        .executeBlocking(
            () -> {
              int all = killNow();
              child.closeOutput();
              return all;
            },
            false)
        .onComplete(_ -> onWorker("cleaning up", this::clean));
  }

  /** One at a time: whoever comes second has to know how many the first one killed. */
  private synchronized int killNow() {
    killed += host.kill(child);
    return killed;
  }

  private void clean() {
    try {
      cleanUp.run();
    } catch (IOException failure) {
      LOG.warn("A run directory could not be removed: {}", failure.toString());
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
