package dev.runnel.http;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A WebSocket client that keeps what it hears. */
final class Talk implements WebSocket.Listener, AutoCloseable {
  private static final long PATIENCE_SECONDS = 20;

  private final HttpClient client = HttpClient.newHttpClient();
  private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
  private final StringBuilder partial = new StringBuilder();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final WebSocket socket;

  /** {@code path} with its query; fails with {@link Refused} when there is no upgrade. */
  Talk(TestService service, String path, Map<String, String> headers, String... subprotocols)
      throws Refused {
    var builder = client.newWebSocketBuilder();
    headers.forEach(builder::header);
    if (subprotocols.length > 0) {
      builder.subprotocols(
          subprotocols[0],
          List.of(subprotocols).subList(1, subprotocols.length).toArray(String[]::new));
    }
    var uri = URI.create("ws://127.0.0.1:" + service.port() + path);
    try {
      socket = builder.buildAsync(uri, this).join();
    } catch (CompletionException failure) {
      client.close();
      if (failure.getCause() instanceof WebSocketHandshakeException refused) {
        throw new Refused(refused.getResponse().statusCode());
      }
      throw failure;
    }
  }

  /** There was a plain HTTP answer. */
  static final class Refused extends IOException {
    private static final long serialVersionUID = 1;
    final int status;

    Refused(int status) {
      super("Refused with " + status);
      this.status = status;
    }
  }

  WebSocket socket() {
    return socket;
  }

  Talk say(String text) {
    socket.sendText(text, true).join();
    return this;
  }

  /** The next message. */
  String hear() throws InterruptedException {
    var message = messages.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (message == null) {
      throw new AssertionError("Nothing was said");
    }
    return message;
  }

  /** What was said and not heard yet. */
  List<String> unheard() {
    return List.copyOf(messages);
  }

  /** The status that the service closes with. */
  int closed() {
    return closed.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
  }

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    partial.append(data);
    if (last) {
      messages.add(partial.toString());
      partial.setLength(0);
    }
    from.request(1);
    return CompletableFuture.completedStage(null);
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int status, String reason) {
    closed.complete(status);
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    closed.completeExceptionally(error);
  }

  @Override
  public void close() {
    socket.abort();
    client.close();
  }
}
