package dev.runnel.http;

import io.vertx.core.Future;
import java.util.function.Consumer;

/** Answers a WebSocket route. */
@FunctionalInterface
public interface SocketHandler {

  /**
   * The checks before the upgrade; changes nothing. Throws or fails with a domain error, and the
   * caller gets it as a plain HTTP answer; else the conversation begins with what is answered.
   */
  Future<Consumer<Conversation>> open(Call call);
}
