package dev.runnel.execution;

import dev.runnel.bus.RunAsk;
import dev.runnel.problem.Problem;
import dev.runnel.run.Page;
import dev.runnel.run.RunEvent;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Whoever follows runs through this node. A run that is active here is followed from its feed; one
 * that has ended, waits, or is another node's from the store.
 */
final class Followers {
  /** Longest time a follower waits before it has to ask again. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(25);

  private record Waiter(long since, int maxBytes, long deadlineNanos, Promise<Page> promise) {}

  private final Engine engine;
  private final Map<UUID, RunFeed> feeds = new HashMap<>();
  private final Map<UUID, List<Waiter>> waiters = new HashMap<>();
  private boolean closed;

  Followers(Engine engine) {
    this.engine = engine;
  }

  /** From now on this run is followed here. */
  void add(UUID run, RunFeed feed) {
    feeds.put(run, feed);
    wake(run);
  }

  /** From now on this run is followed in the store, also by those who wait. */
  void remove(UUID run) {
    var feed = feeds.remove(run);
    if (feed != null) {
      feed.release();
    }
  }

  /** Nothing that is not running here will start before the service ends: nobody waits for it. */
  void close() {
    closed = true;
    var all = waiters.values().stream().flatMap(List::stream).toList();
    waiters.clear();
    all.forEach(waiter -> waiter.promise.fail(stopping()));
  }

  private static Problem stopping() {
    return new Problem.Unavailable("The service is stopping", Duration.ofSeconds(2));
  }

  boolean knows(UUID run) {
    return feeds.containsKey(run);
  }

  /** See {@code ExecutionAsk.EventsAfter}. */
  Future<Page> eventsAfter(UUID run, long since, int maxBytes, Duration patience) {
    var wait = patience.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : patience;
    var deadline = System.nanoTime() + wait.toNanos();
    var feed = feeds.get(run);
    if (feed == null) {
      return fromStore(run, since, maxBytes, deadline);
    }
    var page = feed.page(since, maxBytes);
    if (page.isEmpty()) {
      return engine
          .bus()
          .ask(new RunAsk.Events(run, since, maxBytes))
          .map(stored -> caughtUp(stored, feed, since));
    }
    if (page.get().events().isEmpty() && !page.get().ended()) {
      return feed.await(since, maxBytes, deadline);
    }
    return Future.succeededFuture(page.get());
  }

  /**
   * What the store has. Of its gap only what is missing in memory too: the stored tail of an active
   * run may be shorter than the one in memory.
   */
  private static Page caughtUp(Page stored, RunFeed feed, long since) {
    var whole =
        stored.events().stream()
            .takeWhile(
                event -> !(event instanceof RunEvent.Gap gap && gap.seq() >= feed.firstSeq()))
            .toList();
    if (whole.size() == stored.events().size() && !whole.isEmpty()) {
      return stored;
    }
    if (!whole.isEmpty()) {
      return new Page(whole, false);
    }
    return feed.gapAfter(since).map(gap -> new Page(List.of(gap), false)).orElse(Page.NOTHING_YET);
  }

  /** What the store has, at once or as soon as it has something. */
  private Future<Page> fromStore(UUID run, long since, int maxBytes, long deadlineNanos) {
    return stored(run, since, maxBytes)
        .compose(page -> {
          if (page.ended() || !page.events().isEmpty()) {
            return Future.succeededFuture(page);
          }
          if (closed) {
            return Future.failedFuture(stopping());
          }
          if (feeds.containsKey(run)) {
            // It has begun since the store was asked; nobody will wake us for that again.
            var left = Duration.ofNanos(deadlineNanos - System.nanoTime());
            return eventsAfter(run, since, maxBytes, left);
          }
          var promise = Promise.<Page>promise();
          waiters
              .computeIfAbsent(run, _ -> new ArrayList<>())
              .add(new Waiter(since, maxBytes, deadlineNanos, promise));
          return promise.future();
        });
  }

  /** Something about this run is new, here or in the store. */
  void wake(UUID run) {
    var woken = waiters.remove(run);
    if (woken != null) {
      woken.forEach(
          waiter -> stored(run, waiter.since, waiter.maxBytes).onComplete(waiter.promise));
    }
  }

  /** Lets go of those whose patience is over, and looks after the others in the store. */
  void sweep(long nowNanos) {
    feeds.values().forEach(feed -> feed.sweep(nowNanos));
    for (var run : List.copyOf(waiters.keySet())) {
      wakeOrKeep(run, nowNanos);
    }
  }

  private void wakeOrKeep(UUID run, long nowNanos) {
    var all = waiters.remove(run);
    if (all == null) {
      return;
    }
    var over = all.stream().filter(waiter -> waiter.deadlineNanos - nowNanos <= 0).toList();
    over.forEach(waiter -> waiter.promise.complete(Page.NOTHING_YET));
    all.removeAll(over);
    if (all.isEmpty()) {
      return;
    }
    var earliest = all.stream().mapToLong(Waiter::since).min().orElse(0);
    engine
        .bus()
        .ask(new RunAsk.Events(run, earliest, 1))
        .onComplete(page -> {
          waiters.computeIfAbsent(run, _ -> new ArrayList<>()).addAll(all);
          if (feeds.containsKey(run) || (page.succeeded() && !page.result().events().isEmpty())) {
            wake(run);
          }
        });
  }

  private Future<Page> stored(UUID run, long since, int maxBytes) {
    return events(run, since, maxBytes)
        .compose(page ->
            page.events().isEmpty()
                ? emptyOrEnded(run, since, maxBytes)
                : Future.succeededFuture(page));
  }

  private Future<Page> events(UUID run, long since, int maxBytes) {
    return engine.bus().ask(new RunAsk.Events(run, since, maxBytes));
  }

  /** A run that is over by now may have got its last events since they were looked for. */
  private Future<Page> emptyOrEnded(UUID run, long since, int maxBytes) {
    return engine
        .bus()
        .ask(new RunAsk.Find(run))
        .compose(found -> {
          var record =
              found.orElseThrow(() -> new Problem.NotFound(Problem.Kind.RUN, run.toString()));
          return record.status().isTerminal()
              ? events(run, since, maxBytes)
                  .map(last -> last.events().isEmpty() ? new Page(List.of(), true) : last)
              : Future.succeededFuture(Page.NOTHING_YET);
        });
  }
}
