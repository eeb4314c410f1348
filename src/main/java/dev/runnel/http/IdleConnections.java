package dev.runnel.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Closes connections on which nothing is asked for too long, also those that never finish a request
 * line. A connection with a request under way is never idle: event streams and long runs live as
 * long as they like. Used on one event loop.
 */
final class IdleConnections {
  private static final long SWEEP_MILLIS = 5_000;

  private final Vertx vertx;
  private final long idleMillis;
  private final Map<HttpConnection, State> open = new HashMap<>();
  private long timer = -1;

  IdleConnections(Vertx vertx, long idleMillis) {
    this.vertx = vertx;
    this.idleMillis = idleMillis;
  }

  private static final class State {
    int underWay;
    long idleSince = System.nanoTime();
  }

  void start() {
    timer = vertx.setPeriodic(Math.min(SWEEP_MILLIS, idleMillis), _ -> sweep());
  }

  void stop() {
    vertx.cancelTimer(timer);
  }

  void opened(HttpConnection connection) {
    open.put(connection, new State());
    connection.closeHandler(_ -> open.remove(connection));
  }

  /** From now on somebody else watches over it. */
  void forget(HttpConnection connection) {
    open.remove(connection);
  }

  void began(HttpServerRequest request) {
    var state = open.get(request.connection());
    if (state == null) {
      return;
    }
    state.underWay++;
    request
        .response()
        .endHandler(_ -> {
          state.underWay--;
          state.idleSince = System.nanoTime();
        });
  }

  private void sweep() {
    var now = System.nanoTime();
    for (var entry : List.copyOf(open.entrySet())) {
      var state = entry.getValue();
      if (state.underWay == 0 && now - state.idleSince > idleMillis * 1_000_000) {
        entry.getKey().close();
      }
    }
  }
}
