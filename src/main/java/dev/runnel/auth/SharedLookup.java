package dev.runnel.auth;

import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Lookups of the same thing put together. Whoever asks while one is under way waits for the next,
 * which begins when that one is over and answers all of them: an answer is never older than its
 * question, and a thousand callers at once with one token cost a few lookups. May be used from any
 * thread; each future completes on the context that asked.
 */
final class SharedLookup<K, V> {
  private final Function<K, Future<V>> source;

  /** Who waits for the next lookup of a key; a key is here as long as one is under way. */
  private final Map<K, List<Asker<V>>> waiting = new HashMap<>();

  SharedLookup(Function<K, Future<V>> source) {
    this.source = source;
  }

  private record Asker<V>(Promise<V> answer, @Nullable Context context) {
    void complete(Future<V> lookup) {
      if (context == null) {
        lookup.onComplete(answer);
      } else {
        context.runOnContext(_ -> lookup.onComplete(answer));
      }
    }
  }

  Future<V> find(K key) {
    synchronized (waiting) {
      var next = waiting.get(key);
      if (next != null) {
        var asker = new Asker<V>(Promise.promise(), Vertx.currentContext());
        next.add(asker);
        return asker.answer.future();
      }
      waiting.put(key, new ArrayList<>());
    }
    return lookup(key);
  }

  private Future<V> lookup(K key) {
    return Future.succeededFuture(key).compose(source).onComplete(_ -> next(key));
  }

  private void next(K key) {
    List<Asker<V>> askers;
    synchronized (waiting) {
      askers = waiting.getOrDefault(key, List.of());
      if (askers.isEmpty()) {
        waiting.remove(key);
        return;
      }
      waiting.put(key, new ArrayList<>());
    }
    lookup(key).onComplete(done -> askers.forEach(asker -> asker.complete(finished(done))));
  }

  private static <V> Future<V> finished(AsyncResult<V> done) {
    return done.succeeded()
        ? Future.succeededFuture(done.result())
        : Future.failedFuture(done.cause());
  }
}
