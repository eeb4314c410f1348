package dev.runnel.execution;

import dev.runnel.run.Output;
import io.vertx.core.Context;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Carries what a child does from the reading thread to its run on the verticle's context, and holds
 * the pipes back while more than {@value #HIGH} bytes wait there or in front of the store.
 */
final class Intake implements ChildListener {
  /** Bytes; what is read at that moment comes on top. */
  static final long HIGH = 1024 * 1024;

  private static final long LOW = HIGH / 4;

  private final Context context;
  private final ActiveRun run;
  private final AtomicLong unsettled = new AtomicLong();
  private volatile @Nullable Tap tap;
  private volatile boolean paused;
  private volatile boolean unlimited;

  Intake(Context context, ActiveRun run) {
    this.context = context;
    this.run = run;
  }

  /** What to hold back; known a little after its first output may come. */
  void holdsBack(Tap started) {
    tap = started;
    holdBackIfFull();
  }

  /** These bytes need no memory of ours any more. */
  void settled(long bytes) {
    var left = unsettled.addAndGet(-bytes);
    var held = tap;
    if (paused && left < LOW && held != null) {
      paused = false;
      held.resume();
    }
  }

  /** Nothing waits for the store any more: the pipes run free. */
  void letGo() {
    unlimited = true;
    settled(unsettled.get());
  }

  /** Whether the child may have more to say than we let it. */
  boolean isHeldBack() {
    return paused;
  }

  @Override
  public void output(Output output, byte[] bytes) {
    output(output, bytes, bytes.length);
  }

  @Override
  public void output(Output output, byte[] buffer, int size) {
    unsettled.addAndGet(size);
    holdBackIfFull();
    context.runOnContext(_ -> {
      run.output(output, buffer, size);
      ReadBuffers.done(buffer);
    });
  }

  @Override
  public void closed(Output output) {
    context.runOnContext(_ -> run.closed(output));
  }

  @Override
  public void exited(ExitStatus status) {
    context.runOnContext(_ -> run.exited(status));
  }

  private void holdBackIfFull() {
    var held = tap;
    if (unsettled.get() > HIGH && !unlimited && !paused && held != null) {
      paused = true;
      held.pause();
      // What was settled meanwhile may have seen "not paused".
      settled(0);
    }
  }
}
