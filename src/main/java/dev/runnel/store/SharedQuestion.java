package dev.runnel.store;

import dev.runnel.problem.Problem;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * A question that many ask at the same time. One of a kind is on its way at a time; whoever asks
 * meanwhile shares the next one, so no answer is older than its question. Nobody waits twice for a
 * database that does not answer. Belongs to one context.
 */
final class SharedQuestion<K, V> {
  private final Function<K, Future<V>> question;
  private final Set<K> underWay = new HashSet<>();
  private final Map<K, Promise<V>> next = new HashMap<>();

  SharedQuestion(Function<K, Future<V>> question) {
    this.question = question;
  }

  Future<V> ask(K key) {
    return underWay.add(key)
        ? asked(key)
        : next.computeIfAbsent(key, _ -> Promise.promise()).future();
  }

  private Future<V> asked(K key) {
    return question
        .apply(key)
        .onComplete(done -> {
          var waiting = next.remove(key);
          if (waiting == null) {
            underWay.remove(key);
          } else if (done.cause() instanceof Problem.Unavailable) {
            underWay.remove(key);
            waiting.fail(done.cause());
          } else {
            asked(key).onComplete(waiting);
          }
        });
  }
}
