package dev.runnel.http;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** What a handler answers; the service writes it. */
public sealed interface Answer {

  int status();

  Map<String, String> headers();

  /** {@code body} becomes JSON: a record, map or list of the dialect's wire shapes. */
  record Json(int status, Object body, Map<String, String> headers) implements Answer {}

  /** No body. */
  record Empty(int status, Map<String, String> headers) implements Answer {}

  /**
   * The head goes out at once; {@code writer} then writes as the reader takes: just as many bytes
   * as a {@code Content-Length} among the headers says.
   */
  record Stream(int status, Map<String, String> headers, Consumer<Sink> writer) implements Answer {}

  /** The request becomes a WebSocket connection, and this talks to it. */
  record Upgrade(Consumer<Conversation> conversation) implements Answer {
    @Override
    public int status() {
      return 101;
    }

    @Override
    public Map<String, String> headers() {
      return Map.of();
    }
  }

  static Answer ok(Object body) {
    return json(200, body);
  }

  static Answer json(int status, Object body) {
    return new Json(status, body, Map.of());
  }

  /** 204. */
  static Answer nothing() {
    return new Empty(204, Map.of());
  }

  /** The same answer with one more header; an upgrade has none. */
  default Answer with(String header, String value) {
    var more = new LinkedHashMap<>(headers());
    more.put(header, value);
    return switch (this) {
      case Json(var status, var body, _) -> new Json(status, body, more);
      case Empty(var status, _) -> new Empty(status, more);
      case Stream(var status, _, var writer) -> new Stream(status, more, writer);
      case Upgrade upgrade -> upgrade;
    };
  }
}
