package dev.runnel.http;

import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.internal.http.WebSocketInternal;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes WebSocket connections of requests. */
final class Upgrades {
  private static final Logger LOG = LoggerFactory.getLogger(Upgrades.class);

  private final Vertx vertx;
  private final Consumer<HttpConnection> upgraded;
  private final long stallMillis;
  private final long pingMillis;

  /**
   * {@code upgraded} is told of each connection before it stops to be one of requests.
   *
   * @param stallMillis for how long a caller may take nothing
   * @param pingMillis between two pings
   */
  Upgrades(Vertx vertx, Consumer<HttpConnection> upgraded, long stallMillis, long pingMillis) {
    this.vertx = vertx;
    this.upgraded = upgraded;
    this.stallMillis = stallMillis;
    this.pingMillis = pingMillis;
  }

  /**
   * Upgrades this request, of which nothing was read, and begins the conversation.
   *
   * @param gone completes when the caller is
   */
  void begin(
      HttpServerRequest request,
      Dialect dialect,
      String requestId,
      Answer.Upgrade upgrade,
      Promise<Void> gone) {
    var connection = request.connection();
    dialect.headers().forEach(request.response()::putHeader);
    request.response().putHeader("X-Request-Id", requestId);
    upgraded.accept(connection);
    request
        .toWebSocket()
        .onSuccess(socket -> {
          var limits = new SocketConversation.Limits(dialect.bodyLimit(), stallMillis, pingMillis);
          var conversation = new SocketConversation(vertx, socket, limits, gone, () -> cut(socket));
          try {
            upgrade.conversation().accept(conversation);
          } catch (RuntimeException failure) {
            LOG.error("Conversation {} failed", requestId, failure);
            conversation.close(CloseCode.FAILED, "Something went wrong");
          }
        })
        // It has been answered with 400, or the caller has left.
        .onFailure(failure -> {
          LOG.debug("Request {} was not upgraded: {}", requestId, failure.toString());
          gone.tryComplete();
          connection.close();
        });
  }

  /**
   * Past the closing of a WebSocket connection, which waits until the caller has taken all. Vert.x
   * has no public way.
   */
  private static void cut(ServerWebSocket socket) {
    var _ = ((WebSocketInternal) socket).channelHandlerContext().close();
  }
}
