package dev.runnel.execution;

import dev.runnel.run.Output;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A child of the JDK. A platform thread reads each stream: since JDK 22 a blocked read of a pipe
 * holds the carrier of a virtual thread, and there are only as many as cores.
 */
final class ProcessBuilderChild implements Child {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessBuilderChild.class);
  private static final int CHUNK = 64 * 1024;

  private final ProcessId id;
  private final Process process;
  private final ChildListener listener;
  private final Set<Output> silent = EnumSet.noneOf(Output.class);
  private final ReentrantLock speaking = new ReentrantLock();
  private final ReentrantLock gate = new ReentrantLock();
  private final Condition opened = gate.newCondition();
  private boolean paused;
  private boolean closed;

  ProcessBuilderChild(ProcessId id, Process process, ChildListener listener) {
    this.id = id;
    this.process = process;
    this.listener = listener;
  }

  /** Begins to read, and to write what the child is to read. */
  void read(byte @Nullable [] stdin) {
    on("stdout", () -> read(process.getInputStream(), Output.STDOUT));
    on("stderr", () -> read(process.getErrorStream(), Output.STDERR));
    if (stdin != null) {
      on("stdin", () -> write(stdin));
    }
    var _ = process.onExit().thenAccept(this::ended);
  }

  private void on(String stream, Runnable task) {
    Thread.ofPlatform().name("runnel-" + stream + "-" + id.pid()).daemon().start(task);
  }

  private void ended(Process ended) {
    Lineage.ofThisJvm().reaped(id);
    say(() -> listener.exited(new ExitStatus(ended.exitValue(), null, null, null)));
  }

  private void read(InputStream in, Output stream) {
    byte[] buffer = new byte[CHUNK];
    try (in) {
      for (int count; mayGoOn() && (count = in.read(buffer)) >= 0; ) {
        byte[] bytes = Arrays.copyOf(buffer, count);
        say(() -> {
          if (!silent.contains(stream)) {
            listener.output(stream, bytes);
          }
        });
      }
    } catch (IOException closedUnderneath) {
      // the end of the stream, like any other
    } finally {
      close(stream);
    }
  }

  private void close(Output stream) {
    say(() -> {
      if (silent.add(stream)) {
        listener.closed(stream);
      }
    });
  }

  private void write(byte[] stdin) {
    try (var out = process.getOutputStream()) {
      out.write(stdin);
    } catch (IOException unwanted) {
      // a child need not read its input
    }
  }

  private void say(Runnable word) {
    speaking.lock();
    try {
      word.run();
    } catch (RuntimeException e) {
      LOG.error("A listener of a child process failed", e);
    } finally {
      speaking.unlock();
    }
  }

  /** Waits while paused; false once closed. */
  private boolean mayGoOn() {
    gate.lock();
    try {
      while (paused && !closed) {
        opened.awaitUninterruptibly();
      }
      return !closed;
    } finally {
      gate.unlock();
    }
  }

  private void set(boolean nowPaused, boolean nowClosed) {
    gate.lock();
    try {
      paused = nowPaused;
      closed |= nowClosed;
      opened.signalAll();
    } finally {
      gate.unlock();
    }
  }

  @Override
  public ProcessId id() {
    return id;
  }

  @Override
  public void pause() {
    set(true, false);
  }

  @Override
  public void resume() {
    set(false, false);
  }

  /** The JDK reaps on its own, so the number is checked against the start time. */
  @Override
  public void signal(int number) {
    Cull.signal(id, number);
  }

  /** A blocked reader cannot be woken: it keeps the pipe until somebody writes or all are gone. */
  @Override
  public void closeOutput() {
    set(false, true);
    close(Output.STDOUT);
    close(Output.STDERR);
  }
}
