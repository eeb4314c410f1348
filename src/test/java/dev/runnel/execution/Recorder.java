package dev.runnel.execution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.run.Output;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Remembers what a child says, and lets a test wait for it. */
class Recorder implements ChildListener {
  private static final long PATIENCE_SECONDS = 30;

  private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
  private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
  private final CountDownLatch exit = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(2);
  private final AtomicReference<@Nullable ExitStatus> status = new AtomicReference<>();

  @Override
  public void output(Output stream, byte[] bytes) {
    synchronized (this) {
      (stream == Output.STDOUT ? stdout : stderr).writeBytes(bytes);
      notifyAll();
    }
    heard();
  }

  /** Called inside every output. */
  void heard() {}

  @Override
  public void closed(Output stream) {
    closed.countDown();
  }

  @Override
  public void exited(ExitStatus ended) {
    assertThat(status.getAndSet(ended)).as("one end only").isNull();
    exit.countDown();
  }

  synchronized byte[] bytes(Output stream) {
    return (stream == Output.STDOUT ? stdout : stderr).toByteArray();
  }

  String out() {
    return new String(bytes(Output.STDOUT), StandardCharsets.UTF_8);
  }

  String err() {
    return new String(bytes(Output.STDERR), StandardCharsets.UTF_8);
  }

  boolean isClosed() {
    return closed.getCount() == 0;
  }

  boolean hasExited() {
    return exit.getCount() == 0;
  }

  ExitStatus awaitExit() throws InterruptedException {
    assertThat(exit.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("exited").isTrue();
    var ended = status.get();
    assertThat(ended).isNotNull();
    return ended;
  }

  void awaitClosed() throws InterruptedException {
    assertThat(closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("closed").isTrue();
  }

  /** What stdout holds once this text has come. */
  synchronized String awaitOut(String text) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!out().contains(text)) {
      long left = end - System.nanoTime();
      assertThat(left).as("'%s' in '%s', '%s'", text, out(), err()).isPositive();
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return out();
  }
}
