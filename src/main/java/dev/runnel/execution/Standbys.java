package dev.runnel.execution;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Processes that were started ahead of need, each for one run to come. A kind is started when it
 * was wanted twice within a minute, so nothing waits where nothing is used; what waits too long
 * ends.
 */
final class Standbys implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Standbys.class);

  /** More would be started beside each other by the same processors. */
  private static final int OF_A_KIND = 2;

  /** How long one waits, a kind is remembered, and none is started after one of no use. */
  private static final Duration LONGEST = Duration.ofSeconds(60);

  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final int REMEMBERED = 64;

  private final NativeLauncher launcher;
  private final int most;
  private final Deque<Standby> waiting = new ArrayDeque<>();
  private final List<Launch> starting = new ArrayList<>();
  private final Map<Launch, Long> wanted = remembered();
  private final Map<Launch, Long> spoiled = remembered();
  private boolean closed;

  /**
   * @param most how many may wait at a time; 0 for none
   */
  Standbys(NativeLauncher launcher, int most) {
    this.launcher = launcher;
    this.most = most;
  }

  private static Map<Launch, Long> remembered() {
    return new LinkedHashMap<>(16, 0.75f, true) {
      @Override
      protected boolean removeEldestEntry(Map.Entry<Launch, Long> eldest) {
        return size() > REMEMBERED;
      }
    };
  }

  private static boolean isRecent(Map<Launch, Long> times, Launch kind) {
    var time = times.get(kind);
    return time != null && System.nanoTime() - time < LONGEST.toNanos();
  }

  /** Gives one of this kind to the run of that launch; empty when none waits that is of use. */
  Optional<Standby> employ(Launch kind, Launch launch, ChildListener listener) {
    for (var next = take(kind); next.isPresent(); next = take(kind)) {
      var upToDate = next.get().isUpToDate();
      if (upToDate && next.get().employ(launch, listener)) {
        return next;
      }
      if (upToDate) {
        isOfNoUse(kind);
      }
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

  /** A run of this kind was started: the next may come soon. Does not wait for a start. */
  void expect(Launch kind) {
    if (!isWantedAgain(kind)) {
      return;
    }
    while (reserve(kind)) {
      try {
        launcher.background(() -> start(kind));
      } catch (RejectedExecutionException closing) {
        started(kind);
        return;
      }
    }
  }

  private synchronized boolean isWantedAgain(Launch kind) {
    var again = isRecent(wanted, kind);
    wanted.put(kind, System.nanoTime());
    return again;
  }

  private synchronized boolean reserve(Launch kind) {
    var there =
        waiting.stream().filter(standby -> standby.kind().equals(kind)).count()
            + starting.stream().filter(kind::equals).count();
    return !closed
        && there < Math.min(OF_A_KIND, most)
        && !isRecent(spoiled, kind)
        && makeRoom(kind)
        && starting.add(kind);
  }

  /** Dismisses the oldest of another kind where there are too many. */
  private boolean makeRoom(Launch kind) {
    if (waiting.size() + starting.size() < most) {
      return true;
    }
    var other = waiting.stream().filter(standby -> !standby.kind().equals(kind)).findFirst();
    other.ifPresent(oldest -> {
      waiting.remove(oldest);
      oldest.dismiss();
    });
    return other.isPresent();
  }

  private void start(Launch kind) {
    try {
      var standby = launcher.standBy(kind);
      if (enter(standby)) {
        CompletableFuture.delayedExecutor(LONGEST.toNanos(), TimeUnit.NANOSECONDS)
            .execute(this::dismissTheOld);
      } else {
        standby.dismiss();
        awaitEnd(standby);
      }
    } catch (StartFailed failed) {
      LOG.debug("No process waits for {}: {}", kind.argv(), failed.getMessage());
      isOfNoUse(kind);
    } finally {
      started(kind);
    }
  }

  private synchronized void started(Launch kind) {
    starting.remove(kind);
  }

  private synchronized boolean enter(Standby standby) {
    return !closed && waiting.add(standby);
  }

  private void dismissTheOld() {
    List<Standby> old;
    synchronized (this) {
      old = waiting.stream().filter(standby -> standby.isOlderThan(LONGEST)).toList();
      waiting.removeAll(old);
    }
    old.forEach(Standby::dismiss);
  }

  /** One of them could not be used, and the next would hardly be better. */
  private synchronized void isOfNoUse(Launch kind) {
    LOG.debug("A process that waited for {} was of no use", kind.argv());
    spoiled.put(kind, System.nanoTime());
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
    left.forEach(Standbys::awaitEnd);
  }

  private static void awaitEnd(Standby standby) {
    try {
      standby.awaitEnd(PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("A process that waited for work did not end: {}", e.toString());
    }
  }
}
