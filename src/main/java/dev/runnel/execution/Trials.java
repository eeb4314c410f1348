package dev.runnel.execution;

import dev.runnel.run.Output;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Starts programs as runs are started, waits for them and ends what they leave. */
final class Trials implements AutoCloseable {
  /** What is in the pipes of a program that has ended arrives at once. */
  private static final long REST_SECONDS = 5;

  private final Launcher launcher;
  private final ProcessTree tree;
  private final Set<Child> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  Trials(Launcher launcher, ProcessTree tree) {
    this.launcher = launcher;
    this.tree = tree;
  }

  /** Hears of the process as soon as it is there. */
  interface Started {
    void process(ProcessId id) throws IOException;
  }

  /**
   * Blocks until all is over.
   *
   * @throws IOException when it cannot be started, or the service ends
   */
  Trial run(Launch launch, Duration limit, Started started)
      throws IOException, InterruptedException {
    var heard = new Heard();
    Child child;
    try {
      child = launcher.start(launch, heard);
    } catch (StartFailed failed) {
      throw new IOException(failed.getMessage(), failed);
    }
    open.add(child);
    try {
      if (closed) {
        throw new IOException("The service is stopping");
      }
      started.process(child.id());
      var inTime = heard.ended.await(limit.toNanos(), TimeUnit.NANOSECONDS);
      var killed = tree.kill(child.id());
      if (!heard.closed.await(REST_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("The output of a program that has ended does not end");
      }
      return heard.trial(inTime, killed);
    } finally {
      tree.kill(child.id());
      child.closeOutput();
      open.remove(child);
    }
  }

  /** Ends what is under way. */
  @Override
  public void close() {
    closed = true;
    open.forEach(child -> tree.kill(child.id()));
  }

  private static final class Heard implements ChildListener {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(Output.values().length);
    private volatile @Nullable ExitStatus status;

    @Override
    public void output(Output stream, byte[] bytes) {
      var said = stream == Output.STDOUT ? out : err;
      said.write(bytes, 0, Math.min(bytes.length, Trial.MOST_OUTPUT - said.size()));
    }

    @Override
    public void closed(Output stream) {
      closed.countDown();
    }

    @Override
    public void exited(ExitStatus exit) {
      status = exit;
      ended.countDown();
    }

    Trial trial(boolean inTime, int killed) {
      var exit = status;
      return new Trial(
          inTime && exit != null ? exit.code() : null,
          out.toByteArray(),
          err.toByteArray(),
          killed);
    }
  }
}
