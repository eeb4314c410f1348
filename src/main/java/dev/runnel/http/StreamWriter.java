package dev.runnel.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/** Writes a streaming answer as fast as its reader takes it, and closes a reader that stalls. */
final class StreamWriter implements Sink {
  private final HttpServerResponse response;
  private final Runnable close;
  private final Slices slices;

  StreamWriter(Vertx vertx, HttpServerResponse response, Runnable close, long stallMillis) {
    this.response = response;
    this.close = close;
    this.slices = new Slices(vertx, close, stallMillis);
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
    return slices.write(
        Slices.count(bytes.length()),
        i -> {
          var from = i * Slices.BYTES;
          return response.write(bytes.slice(from, Math.min(from + Slices.BYTES, bytes.length())));
        });
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
