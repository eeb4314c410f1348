package dev.runnel.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.function.IntFunction;

/**
 * Writes in slices, so that progress is seen: a slow reader is not a stalled one. Closes a reader
 * who takes none of them for too long.
 */
final class Slices {
  static final int BYTES = 64 * 1024;

  private final Vertx vertx;
  private final Runnable close;
  private final long stallMillis;

  Slices(Vertx vertx, Runnable close, long stallMillis) {
    this.vertx = vertx;
    this.close = close;
    this.stallMillis = stallMillis;
  }

  /** How many it takes for so many bytes. */
  static int count(int bytes) {
    return (bytes + BYTES - 1) / BYTES;
  }

  /** Writes them all; completes when all are taken. */
  Future<Void> write(int count, IntFunction<Future<Void>> slice) {
    var taken = Promise.<Void>promise();
    // A tick that finds as many slices as at the start must not count the time before it.
    var left = new int[] {count, -1};
    var stall =
        vertx.setPeriodic(
            stallMillis,
            _ -> {
              if (left[0] == left[1]) {
                close.run();
              }
              left[1] = left[0];
            });
    for (int i = 0; i < count; i++) {
      slice
          .apply(i)
          .onComplete(done -> {
            left[0]--;
            if (done.failed()) {
              taken.tryFail(done.cause());
            } else if (left[0] == 0) {
              taken.tryComplete();
            }
          });
    }
    return taken.future().onComplete(_ -> vertx.cancelTimer(stall));
  }
}
