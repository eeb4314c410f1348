package dev.runnel.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/** Writes a streaming answer as fast as its reader takes it, and closes a reader that stalls. */
final class StreamWriter implements Sink {
  /** Progress is seen slice by slice: a slow reader is not a stalled one. */
  private static final int SLICE = 64 * 1024;

  private final Vertx vertx;
  private final HttpServerResponse response;
  private final Runnable close;
  private final long stallMillis;

  StreamWriter(Vertx vertx, HttpServerResponse response, Runnable close, long stallMillis) {
    this.vertx = vertx;
    this.response = response;
    this.close = close;
    this.stallMillis = stallMillis;
  }

  @Override
  public boolean isClosed() {
    return response.closed() || response.ended();
  }

  @Override
  public Future<Void> write(Buffer bytes) {
    if (isClosed()) {
      return Future.failedFuture("The reader is gone");
    }
    var taken = Promise.<Void>promise();
    var slices = (bytes.length() + SLICE - 1) / SLICE;
    var left = new int[] {slices, slices};
    var stall =
        vertx.setPeriodic(
            stallMillis,
            _ -> {
              if (left[0] == left[1]) {
                close.run();
              }
              left[1] = left[0];
            });
    // A tick that finds as many slices as at the start must not count the time before it.
    left[1] = -1;
    for (int at = 0; at < bytes.length(); at += SLICE) {
      response
          .write(bytes.slice(at, Math.min(at + SLICE, bytes.length())))
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

  @Override
  public void end() {
    if (!isClosed()) {
      response.end();
    }
  }

  @Override
  public void abort() {
    if (!isClosed()) {
      close.run();
    }
  }
}
