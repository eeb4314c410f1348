package dev.runnel.http;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/** Whether a request wants to become a WebSocket connection that we can speak. */
final class Handshake {
  private Handshake() {}

  static boolean isOne(HttpServerRequest request) {
    return request.method().equals(HttpMethod.GET)
        && request.version() == HttpVersion.HTTP_1_1
        && names(request.getHeader("Connection"), "upgrade")
        && names(request.getHeader("Upgrade"), "websocket")
        && "13".equals(request.getHeader("Sec-WebSocket-Version"))
        && request.getHeader("Sec-WebSocket-Key") != null;
  }

  private static boolean names(@Nullable String list, String word) {
    if (list == null) {
      return false;
    }
    for (var element : list.split(",", -1)) {
      if (element.strip().equalsIgnoreCase(word)) {
        return true;
      }
    }
    return false;
  }
}
