package dev.runnel.execution;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A process that was started ahead of need. It waits for one job, which comes over its descriptor
 * 3, and ends when that closes without one. Until then it is a helper that the end of no run
 * touches.
 */
final class Standby {
  private final Launch kind;
  private final NativeChild child;
  private final int control;
  private final long parent;
  private final Unheard unheard;
  private final CompletableFuture<?> gone;

  /**
   * Takes the descriptor over.
   *
   * @param control the end of the pipe to write the job to
   * @param parent the thread that started it
   * @param gone completes when it has ended
   */
  Standby(
      Launch kind,
      NativeChild child,
      int control,
      long parent,
      Unheard unheard,
      CompletableFuture<?> gone) {
    this.kind = kind;
    this.child = child;
    this.control = control;
    this.parent = parent;
    this.unheard = unheard;
    this.gone = gone;
  }

  /** How it was started. */
  Launch kind() {
    return kind;
  }

  Child child() {
    return child;
  }

  /**
   * From now on it is the leader of a run. False when it has ended, or said something without being
   * asked: then it is of no use.
   */
  boolean employ(Launch launch, ChildListener listener) {
    if (!unheard.by(listener)) {
      return false;
    }
    var lineage = Lineage.ofThisJvm();
    lineage.born(new Leader(child.id(), Proc.now(), parent, launch.runId()));
    lineage.release(child.pid());
    return true;
  }

  /** Gives it the job, once; it begins at once. */
  void begin(byte[] job, Launch launch) throws StartFailed {
    int refused = child.feed(control, job);
    if (refused < 0) {
      throw StartFailed.because(-refused, launch);
    }
  }

  /** It is not needed; for one that is not employed. */
  void dismiss() {
    Native.close(control);
    child.signal(Native.SIGKILL);
    child.closeOutput();
  }

  /** Waits until one that was dismissed has ended. */
  void awaitEnd(Duration patience)
      throws InterruptedException, ExecutionException, TimeoutException {
    gone.get(patience.toNanos(), TimeUnit.NANOSECONDS);
  }
}
