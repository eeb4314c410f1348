package dev.runnel.execution;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Processes that were started ahead of need, each for one run to come. A kind is started when one
 * of it was wanted, so nothing waits where nothing is used; what waits too long ends.
 */
final class Standbys implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Standbys.class);

  /** More would be started beside each other by the same processors. */
  private static final int OF_A_KIND = 2;

  /** Also how long none is started after one that was of no use. */
  private static final long LONGEST_SECONDS = 60;

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final NativeLauncher launcher;
  private final int most;
  private final Deque<Standby> waiting = new ArrayDeque<>();
  private final List<Launch> starting = new ArrayList<>();
  private long restUntil = System.nanoTime();
  private boolean closed;

  /**
   * @param most how many may wait at a time; 0 for none
   */
  Standbys(NativeLauncher launcher, int most) {
    this.launcher = launcher;
    this.most = most;
  }

  /** Gives one of this kind to the run of that launch; empty when none waits that is of use. */
  Optional<Standby> employ(Launch kind, Launch launch, ChildListener listener) {
    for (var next = take(kind); next.isPresent(); next = take(kind)) {
      if (next.get().employ(launch, listener)) {
        return next;
      }
      spoiled();
      next.get().dismiss();
    }
    return Optional.empty();
  }

  /** The one that has waited longest. */
  private synchronized Optional<Standby> take(Launch kind) {
    var found = waiting.stream().filter(standby -> standby.kind().equals(kind)).findFirst();
    found.ifPresent(waiting::remove);
    return found;
  }

  /** One of this kind was wanted: the next may be too. Does not wait for its start. */
  void expect(Launch kind) {
    while (reserve(kind)) {
      launcher.background(() -> start(kind));
    }
  }

  private synchronized boolean reserve(Launch kind) {
    var there =
        waiting.stream().filter(standby -> standby.kind().equals(kind)).count()
            + starting.stream().filter(kind::equals).count();
    if (closed || there >= Math.min(OF_A_KIND, most) || System.nanoTime() - restUntil < 0) {
      return false;
    }
    return starting.add(kind);
  }

  private void start(Launch kind) {
    try {
      var standby = launcher.standBy(kind);
      var unneeded = enter(standby);
      unneeded.ifPresent(Standby::dismiss);
      CompletableFuture.delayedExecutor(LONGEST_SECONDS, TimeUnit.SECONDS)
          .execute(() -> tooOld(standby));
    } catch (StartFailed failed) {
      LOG.debug("No process waits for {}: {}", kind.argv(), failed.getMessage());
      spoiled();
    } finally {
      started(kind);
    }
  }

  private synchronized void started(Launch kind) {
    starting.remove(kind);
  }

  /** Answers the one that has to go for it. */
  private synchronized Optional<Standby> enter(Standby standby) {
    if (closed) {
      return Optional.of(standby);
    }
    waiting.addLast(standby);
    return waiting.size() > most ? Optional.of(waiting.removeFirst()) : Optional.empty();
  }

  private void tooOld(Standby standby) {
    boolean unused;
    synchronized (this) {
      unused = waiting.remove(standby);
    }
    if (unused) {
      standby.dismiss();
    }
  }

  /** One of them could not be used, and the next would hardly be better. */
  private synchronized void spoiled() {
    restUntil = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
  }

  /** Ends all that wait. */
  @Override
  public void close() {
    List<Standby> left;
    synchronized (this) {
      closed = true;
      left = List.copyOf(waiting);
      waiting.clear();
    }
    left.forEach(Standby::dismiss);
    for (var standby : left) {
      try {
        standby.awaitEnd(PATIENCE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (ExecutionException | TimeoutException e) {
        LOG.warn("A process that waited for work did not end: {}", e.toString());
      }
    }
  }
}
