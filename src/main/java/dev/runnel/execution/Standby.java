package dev.runnel.execution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Optional;
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
  private final Origin origin;
  private final NativeChild child;
  private final int control;
  private final long parent;
  private final Unheard unheard;
  private final CompletableFuture<?> gone;
  private final long since = System.nanoTime();
  private boolean told;

  /** What its launch means at a time: the program's path, the file that the directory is. */
  record Origin(String program, Object directory) {
    static Optional<Origin> now(Launch launch) {
      try {
        var program = Executable.find(launch);
        var directory =
            Files.readAttributes(launch.workingDirectory(), BasicFileAttributes.class).fileKey();
        return Optional.of(new Origin(program, directory));
      } catch (StartFailed | IOException missing) {
        return Optional.empty();
      }
    }
  }

  /**
   * Takes the descriptor over.
   *
   * @param origin as it was before the start
   * @param control the end of the pipe to write the job to
   * @param parent the thread that started it
   * @param gone completes when it has ended
   */
  Standby(
      Launch kind,
      Origin origin,
      NativeChild child,
      int control,
      long parent,
      Unheard unheard,
      CompletableFuture<?> gone) {
    this.kind = kind;
    this.origin = origin;
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

  boolean isOlderThan(Duration age) {
    return System.nanoTime() - since > age.toNanos();
  }

  /** Whether the same launch would start the same program in the same directory now. */
  boolean isUpToDate() {
    return Origin.now(kind).filter(origin::equals).isPresent();
  }

  /**
   * From now on it is the leader of a run. False when it has ended, said something without being
   * asked or started something: then it is of no use.
   */
  boolean employ(Launch launch, ChildListener listener) {
    if (!isUntouched()) {
      return false;
    }
    var lineage = Lineage.ofThisJvm();
    var leader = new Leader(child.id(), Proc.now(), parent, launch.runId());
    lineage.born(leader);
    // Its end may have been seen before it was entered, and is not seen again.
    if (child.hasEnded() || !unheard.by(listener)) {
      lineage.ended(leader);
      lineage.reaped(child.id());
      return false;
    }
    lineage.release(child.pid());
    return true;
  }

  private boolean isUntouched() {
    return Proc.stat(child.pid()).filter(ProcessStat::isAlive).isPresent()
        && Proc.children(child.pid()).isEmpty();
  }

  /** Gives it the job, once; it begins at once. */
  void begin(byte[] job, Launch launch) throws StartFailed {
    told = true;
    int refused = child.feed(control, job);
    if (refused < 0) {
      throw StartFailed.because(-refused, launch);
    }
  }

  /** There will be no job for one that was employed. */
  void giveUp() {
    if (!told) {
      Native.close(control);
    }
  }

  /** It is not needed, and neither is what it has started; for one that is not employed. */
  void dismiss() {
    Native.close(control);
    child.killSession();
    child.closeOutput();
  }

  /** Waits until one that was dismissed has ended. */
  void awaitEnd(Duration patience)
      throws InterruptedException, ExecutionException, TimeoutException {
    gone.get(patience.toNanos(), TimeUnit.NANOSECONDS);
  }
}
