package dev.runnel.http;

import io.vertx.core.Future;
import java.time.Duration;

/**
 * A WebSocket connection, used on its event loop only. Pings keep it open. When the service stops
 * it is closed with {@link CloseCode#GOING_AWAY}.
 */
public sealed interface Conversation permits SocketConversation {

  /**
   * The next message, text or binary, which must be a JSON object of at most the dialect's body
   * limit. Fails with {@code Refused} for one that is none; the conversation goes on then. Fails
   * otherwise when the conversation is over: the caller has left, or sent too much ({@code
   * TOO_BIG}), or nothing for so long ({@code POLICY}), and was hung up on.
   *
   * <p>To be asked for one message at a time; what comes between waits in the network.
   */
  Future<Fields> receive(Duration patience);

  /** Throws away what still comes. */
  void ignoreRest();

  /**
   * Sends one text message: this as JSON. Completes when the socket has taken it: waiting for that
   * before the next one bounds what is buffered. A caller who takes nothing for too long is cut
   * off. Fails when the caller is gone.
   */
  Future<Void> send(Object body);

  /** Says that it is over, and why; does nothing when it already is. */
  void close(CloseCode code, String reason);
}
