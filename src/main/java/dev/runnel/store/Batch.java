package dev.runnel.store;

import dev.runnel.problem.Problem;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.function.ToIntFunction;

/**
 * Group commit: rows of one tick, and those that arrive while earlier batches are on their way, go
 * to the database together. A caller's future completes after the commit of its own row.
 *
 * <p>A batch that the database refuses is halved until the bad row stands alone: only its caller
 * fails. One that the database does not answer fails for all, also for those who wait behind it.
 * Belongs to one context.
 */
final class Batch<T, R> {

  /** Writes rows in one transaction and answers one result for each, in their order. */
  interface Writer<T, R> {
    Future<List<R>> write(List<T> rows);
  }

  /**
   * The bounds of a batch.
   *
   * @param inFlight batches under way at a time
   * @param weight of one batch, in bytes; a heavier row goes alone
   */
  record Bounds(int inFlight, int rows, int weight) {}

  private record Waiting<T, R>(T row, Promise<R> caller) {}

  private final Context context;
  private final Bounds bounds;
  private final ToIntFunction<T> weight;
  private final Comparator<? super T> order;
  private final Writer<T, R> writer;
  private final Queue<Waiting<T, R>> waiting = new ArrayDeque<>();
  private boolean scheduled;
  private int inFlight;

  /** {@code order} is the one in which rows take their locks, so that batches never deadlock. */
  Batch(
      Context context,
      Bounds bounds,
      ToIntFunction<T> weight,
      Comparator<? super T> order,
      Writer<T, R> writer) {
    this.context = context;
    this.bounds = bounds;
    this.weight = weight;
    this.order = order;
    this.writer = writer;
  }

  Future<R> add(T row) {
    var caller = Promise.<R>promise();
    waiting.add(new Waiting<>(row, caller));
    if (!scheduled && inFlight < bounds.inFlight()) {
      scheduled = true;
      context.runOnContext(_ -> flush());
    }
    return caller.future();
  }

  private void flush() {
    scheduled = false;
    while (inFlight < bounds.inFlight() && !waiting.isEmpty()) {
      inFlight++;
      write(next(), true)
          .onComplete(_ -> {
            inFlight--;
            flush();
          });
    }
  }

  private List<Waiting<T, R>> next() {
    var batch = new ArrayList<Waiting<T, R>>();
    long total = 0;
    for (var head = waiting.peek(); head != null; head = waiting.peek()) {
      total += weight.applyAsInt(head.row());
      if (!batch.isEmpty() && (batch.size() == bounds.rows() || total > bounds.weight())) {
        break;
      }
      batch.add(waiting.remove());
    }
    batch.sort(Comparator.comparing(Waiting::row, order));
    return batch;
  }

  /** Completes when every caller of this batch has an answer. */
  private Future<Void> write(List<Waiting<T, R>> batch, boolean first) {
    return written(batch)
        .transform(done -> {
          if (done.succeeded()) {
            for (var i = 0; i < batch.size(); i++) {
              batch.get(i).caller().complete(done.result().get(i));
            }
            return Future.succeededFuture();
          }
          return refused(batch, first, done.cause());
        });
  }

  private Future<List<R>> written(List<Waiting<T, R>> batch) {
    try {
      return writer.write(batch.stream().map(Waiting::row).toList());
    } catch (RuntimeException unwritable) {
      return Future.failedFuture(unwritable);
    }
  }

  private Future<Void> refused(List<Waiting<T, R>> batch, boolean first, Throwable cause) {
    if (cause instanceof Problem.Unavailable) {
      batch.forEach(one -> one.caller().fail(cause));
      var behind = new ArrayList<>(waiting);
      waiting.clear();
      behind.forEach(one -> one.caller().fail(cause));
      return Future.succeededFuture();
    }
    if (batch.size() > 1) {
      var middle = batch.size() / 2;
      return write(batch.subList(0, middle), true)
          .compose(_ -> write(batch.subList(middle, batch.size()), true));
    }
    if (first && Failures.isWorthAnotherTry(cause)) {
      return write(batch, false);
    }
    batch.getFirst().caller().fail(cause);
    return Future.succeededFuture();
  }
}
