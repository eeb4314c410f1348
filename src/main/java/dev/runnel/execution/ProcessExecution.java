package dev.runnel.execution;

import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A run that is processes of its own. */
final class ProcessExecution implements Execution {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessExecution.class);

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
  ProcessExecution(
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

  @Override
  public Tap tap() {
    return child;
  }

  @Override
  public Instant startedAt() {
    return startedAt;
  }

  @Override
  public void watch(RunLimits limits, Consumer<Breach> over) {
    host.watch(child, limits, over);
  }

  @Override
  public Future<Boolean> sawOutOfMemory() {
    return workers.executeBlocking(host::sawOutOfMemory, false);
  }

  @Override
  public void terminate() {
    onWorker("SIGTERM", () -> host.terminate(child));
  }

  @Override
  public void kill() {
    killing = true;
    onWorker("SIGKILL", this::killNow);
  }

  @Override
  public Future<Integer> end() {
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
    forget.tried();
    if (cleanUp != null) {
      cleanUp.tried();
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
