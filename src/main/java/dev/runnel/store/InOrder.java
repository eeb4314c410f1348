package dev.runnel.store;

import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Writes with the same key one after the other, although batches overtake each other: whoever reads
 * the log of a run never sees event 7 before event 6. Belongs to one context.
 */
final class InOrder<K> {
  private final Map<K, Future<?>> last = new HashMap<>();

  <R> Future<R> after(K key, Supplier<Future<R>> write) {
    var before = last.get(key);
    var mine = before == null ? write.get() : before.transform(_ -> write.get());
    last.put(key, mine);
    mine.onComplete(_ -> last.remove(key, mine));
    return mine;
  }
}
