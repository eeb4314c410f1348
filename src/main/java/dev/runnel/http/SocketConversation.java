package dev.runnel.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A conversation over a socket that was upgraded just now. */
final class SocketConversation implements Conversation {
  private final Vertx vertx;
  private final ServerWebSocket socket;
  private final Limits limits;
  private final Slices slices;
  private final Runnable cut;
  private final long pingTimer;

  private @Nullable Promise<Buffer> awaited;
  private Buffer message = Buffer.buffer();
  private boolean pinging;
  private boolean closing;

  /**
   * What a caller may do.
   *
   * @param message longest in bytes
   * @param stallMillis for how long it may take nothing
   * @param pingMillis between two pings
   */
  record Limits(long message, long stallMillis, long pingMillis) {}

  /**
   * Takes the socket over.
   *
   * @param gone completes when the caller is
   * @param cut closes the connection without a word
   */
  SocketConversation(
      Vertx vertx, ServerWebSocket socket, Limits limits, Promise<Void> gone, Runnable cut) {
    this.vertx = vertx;
    this.socket = socket;
    this.limits = limits;
    this.cut = cut;
    this.slices = new Slices(vertx, cut, limits.stallMillis());
    socket.pause();
    socket.frameHandler(this::take);
    socket.exceptionHandler(cause -> over(cause.toString()));
    socket.shutdownHandler(_ -> close(CloseCode.GOING_AWAY, "The service is stopping"));
    pingTimer = vertx.setPeriodic(limits.pingMillis(), _ -> ping());
    socket.closeHandler(_ -> {
      vertx.cancelTimer(pingTimer);
      over("the connection was closed");
      gone.tryComplete();
    });
  }

  @Override
  public Future<Fields> receive(Duration patience) {
    if (closing || socket.isClosed()) {
      return Future.failedFuture(new HungUp("the conversation is over"));
    }
    var promise = Promise.<Buffer>promise();
    awaited = promise;
    var timer = vertx.setTimer(patience.toMillis(), _ -> refuse(CloseCode.POLICY, "Nothing came"));
    socket.resume();
    return promise
        .future()
        .onComplete(_ -> vertx.cancelTimer(timer))
        .compose(bytes ->
            bytes.length() <= Slices.BYTES
                ? Future.succeededFuture(parsed(bytes))
                : vertx.executeBlocking(() -> parsed(bytes), false));
  }

  private static Fields parsed(Buffer bytes) {
    return new Fields("", Json.object(bytes));
  }

  @Override
  public void ignoreRest() {
    awaited = null;
    message = Buffer.buffer();
    socket.resume();
  }

  private void take(WebSocketFrame frame) {
    var promise = awaited;
    if (promise == null || !(frame.isText() || frame.isBinary() || frame.isContinuation())) {
      return;
    }
    if (message.length() + (long) frame.binaryData().length() > limits.message()) {
      refuse(CloseCode.TOO_BIG, "The message is longer than " + limits.message() + " bytes");
      return;
    }
    message.appendBuffer(frame.binaryData());
    if (frame.isFinal()) {
      var whole = message;
      message = Buffer.buffer();
      awaited = null;
      socket.pause();
      promise.complete(whole);
    }
  }

  private void refuse(CloseCode code, String why) {
    close(code, why);
    over(why);
  }

  private void over(String why) {
    var promise = awaited;
    ignoreRest();
    if (promise != null) {
      promise.tryFail(new HungUp(why));
    }
  }

  @Override
  public Future<Void> send(Object body) {
    var bytes = Json.bytes(body);
    if (closing || socket.isClosed()) {
      return Future.failedFuture(new HungUp("the conversation is over"));
    }
    var first = wholeCharacters(bytes, Math.min(bytes.length(), Slices.BYTES));
    var rest = bytes.slice(first, bytes.length());
    var head = bytes.getString(0, first, StandardCharsets.UTF_8.name());
    return slices.write(
        1 + Slices.count(rest.length()),
        i ->
            socket.writeFrame(
                i == 0
                    ? WebSocketFrame.textFrame(head, rest.length() == 0)
                    : continuation(rest, (i - 1) * Slices.BYTES)));
  }

  private static WebSocketFrame continuation(Buffer rest, int from) {
    var to = Math.min(rest.length(), from + Slices.BYTES);
    return WebSocketFrame.continuationFrame(rest.slice(from, to), to == rest.length());
  }

  /** The most bytes up to there that end with a character of UTF-8. */
  private static int wholeCharacters(Buffer bytes, int end) {
    var at = end;
    while (at > 0 && at < bytes.length() && (bytes.getByte(at) & 0xC0) == 0x80) {
      at--;
    }
    return at;
  }

  @Override
  public void close(CloseCode code, String reason) {
    if (closing || socket.isClosed()) {
      return;
    }
    closing = true;
    vertx.cancelTimer(pingTimer);
    // Who takes nothing does not take this either.
    var timer = vertx.setTimer(limits.stallMillis(), _ -> cut.run());
    socket.close(code.number(), reason).onComplete(_ -> vertx.cancelTimer(timer));
    socket.resume();
  }

  private void ping() {
    if (pinging || closing || socket.isClosed()) {
      return;
    }
    pinging = true;
    slices.write(1, _ -> socket.writePing(Buffer.buffer())).onComplete(_ -> pinging = false);
  }
}
