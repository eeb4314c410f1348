package dev.runnel.execution;

import dev.runnel.run.Output;
import dev.runnel.run.Reason;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A run that is a {@link Job}. Whoever serves it counts what it uses. */
final class JobExecution implements Execution, Tap, Job.Heard {
  private static final int TERMINATED = 128 + Native.SIGTERM;
  private static final int KILLED = 128 + Native.SIGKILL;

  private final WorkerExecutor workers;
  private final ProcessHost host;
  private final ChildListener listener;
  private final Instant startedAt;
  private final CleanUp cleanUp;
  private final Job.Running running;
  private int killed;
  private @Nullable Breach breach;
  private @Nullable Consumer<Breach> over;

  /**
   * Begins the job.
   *
   * @param cleanUp when it is over
   */
  @SuppressWarnings("this-escape") // all that hears of it is set before
  JobExecution(
      WorkerExecutor workers,
      ProcessHost host,
      Job job,
      ChildListener listener,
      Instant startedAt,
      CleanUp cleanUp) {
    this.workers = workers;
    this.host = host;
    this.listener = listener;
    this.startedAt = startedAt;
    this.cleanUp = cleanUp;
    this.running = job.begin(this);
  }

  @Override
  public Tap tap() {
    return this;
  }

  @Override
  public Instant startedAt() {
    return startedAt;
  }

  @Override
  public void watch(RunLimits limits, Consumer<Breach> told) {
    Breach early;
    synchronized (this) {
      over = told;
      early = breach;
    }
    if (early != null) {
      told.accept(early);
    }
  }

  @Override
  public Future<Boolean> sawOutOfMemory() {
    return workers.executeBlocking(host::sawOutOfMemory, false);
  }

  @Override
  public void terminate() {
    kill(TERMINATED);
  }

  @Override
  public void kill() {
    kill(KILLED);
  }

  private synchronized int kill(int code) {
    killed += running.kill(code) ? 1 : 0;
    return killed;
  }

  @Override
  public Future<Integer> end() {
    var all = kill(KILLED);
    var _ =
        workers.executeBlocking(
            () -> {
              cleanUp.tried();
              return null;
            },
            false);
    return Future.succeededFuture(all);
  }

  @Override
  public void pause() {
    running.pause();
  }

  @Override
  public void resume() {
    running.resume();
  }

  @Override
  public void output(Output stream, byte[] bytes) {
    listener.output(stream, bytes);
  }

  @Override
  public void over(Reason reason, String message) {
    var found = new Breach(reason, message);
    Consumer<Breach> told;
    synchronized (this) {
      breach = found;
      told = over;
    }
    if (told != null) {
      told.accept(found);
    }
  }

  @Override
  public void ended(int code, @Nullable Duration cpu) {
    listener.closed(Output.STDOUT);
    listener.closed(Output.STDERR);
    listener.exited(new ExitStatus(code, null, cpu, null));
  }
}
