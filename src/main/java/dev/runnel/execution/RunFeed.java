package dev.runnel.execution;

import dev.runnel.run.Page;
import dev.runnel.run.RunEvent;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The live end of one run's event sequence on the node that runs it. Keeps what is not settled yet
 * (neither stored nor dropped by the log limit) and, beyond that, the newest events up to a limit;
 * a follower further behind reads the store. Used on the execution verticle's context only.
 */
final class RunFeed {

  private record Waiter(long since, int maxBytes, long deadlineNanos, Promise<Page> promise) {}

  private final long limit;

  /** An event, or a chunk of output that becomes one for whoever reads it. */
  private record Entry(@Nullable RunEvent whole, @Nullable LogChunk chunk) {
    int weight() {
      return chunk == null ? whole().weight() : chunk.weight();
    }

    RunEvent event() {
      return chunk == null ? whole() : chunk.log();
    }

    @Override
    public RunEvent whole() {
      return Objects.requireNonNull(whole);
    }

    Instant at() {
      return chunk == null ? whole().at() : chunk.at();
    }
  }

  private final TreeMap<Long, Entry> ring = new TreeMap<>();
  private final List<Waiter> waiters = new ArrayList<>();
  private long weight;
  private long settled;
  private RunEvent.@Nullable Gap dropped;
  private boolean ended;

  /**
   * @param limit bytes of settled events to keep
   */
  RunFeed(long limit) {
    this.limit = limit;
  }

  /** Appends an event and wakes whoever waits for it. */
  void add(RunEvent event) {
    ended |= event instanceof RunEvent.Done;
    add(event.seq(), new Entry(event, null));
  }

  /** The same for output. */
  void add(LogChunk chunk) {
    add(chunk.seq(), new Entry(null, chunk));
  }

  private void add(long seq, Entry entry) {
    ring.put(seq, entry);
    weight += entry.weight();
    trim();
    wake();
  }

  /** Everything up to {@code seq} is stored or gone for good. */
  void settledUpTo(long seq) {
    settled = Math.max(settled, seq);
    trim();
  }

  boolean hasEnded() {
    return ended;
  }

  /** The oldest number that is still here. */
  long firstSeq() {
    return ring.isEmpty() ? 1 : ring.firstKey();
  }

  /** Events after {@code since}; empty when some of them are no longer here. */
  Optional<Page> page(long since, int maxBytes) {
    if (since + 1 < firstSeq()) {
      return Optional.empty();
    }
    var events = new ArrayList<RunEvent>();
    long bytes = 0;
    for (var entry : ring.tailMap(since, false).values()) {
      if (!events.isEmpty() && bytes + entry.weight() > maxBytes) {
        return Optional.of(new Page(events, false));
      }
      events.add(entry.event());
      bytes += entry.weight();
    }
    return Optional.of(new Page(events, ended));
  }

  /** What the log limit has dropped so far. */
  void dropped(RunEvent.Gap gap) {
    dropped = gap;
  }

  /** The events between {@code since} and the oldest one here, as one gap; empty when none are. */
  Optional<RunEvent> gapAfter(long since) {
    if (ring.isEmpty() || since + 1 >= firstSeq()) {
      return Optional.empty();
    }
    var oldest = ring.firstEntry().getValue();
    return Optional.of(
        new RunEvent.Gap(firstSeq() - 1, oldest.at(), since + 1, missingBytes(since)));
  }

  /** What was dropped and is no longer here either; 0 for who has read some of it before. */
  private long missingBytes(long since) {
    if (dropped == null || since + 1 != dropped.from()) {
      return 0;
    }
    return dropped.bytes()
        - ring.headMap(dropped.seq(), true).values().stream()
            .mapToLong(entry -> entry.chunk() == null ? 0 : entry.chunk().size())
            .sum();
  }

  /** Completes when something follows {@code since}, or with nothing at the deadline. */
  Future<Page> await(long since, int maxBytes, long deadlineNanos) {
    var promise = Promise.<Page>promise();
    waiters.add(new Waiter(since, maxBytes, deadlineNanos, promise));
    return promise.future();
  }

  /** Lets go of those whose patience is over. */
  void sweep(long nowNanos) {
    var over = waiters.stream().filter(waiter -> waiter.deadlineNanos - nowNanos <= 0).toList();
    waiters.removeAll(over);
    over.forEach(waiter -> waiter.promise.complete(Page.NOTHING_YET));
  }

  /** Lets go of everybody: they ask again, elsewhere. */
  void release() {
    var all = List.copyOf(waiters);
    waiters.clear();
    all.forEach(waiter -> waiter.promise.complete(Page.NOTHING_YET));
  }

  private void wake() {
    if (waiters.isEmpty()) {
      return;
    }
    var woken = List.copyOf(waiters);
    waiters.clear();
    // Followers at the same place share one page.
    var pages = new HashMap<Long, Page>();
    for (var waiter : woken) {
      waiter.promise.complete(
          pages.computeIfAbsent(
              waiter.since, since -> page(since, waiter.maxBytes).orElse(Page.NOTHING_YET)));
    }
  }

  private void trim() {
    while (weight > limit && !ring.isEmpty() && ring.firstKey() <= settled) {
      weight -= ring.pollFirstEntry().getValue().weight();
    }
  }
}
