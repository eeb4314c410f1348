package dev.runnel.http;

import dev.runnel.auth.Access;
import dev.runnel.config.HttpOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Listens and answers. Deployed once for each event loop; the instances share port, access, intake
 * and dialects.
 */
public final class HttpVerticle extends VerticleBase {
  /** In bytes: tokens in headers and in the query have room, a flood has not. */
  private static final int MAX_HEADER = 32 * 1024;

  private static final int MAX_LINE = 16 * 1024;

  /** Instances that ask for the same negative port share one free port. */
  private static final int ANY_SHARED_PORT = -1;

  private static final String ANY_SUBPROTOCOL = "*";

  /** In bytes: what a frame may have at most, whatever a body may have. */
  private static final int MAX_FRAME = 1 << 30;

  private static final int BACKLOG = 4_096;
  private static final long IDLE_MILLIS = 120_000;

  /**
   * In bytes. The kernel wakes a writer when a third of it is free: with the megabytes that it
   * would take by itself a slow reader looks like one that takes nothing.
   */
  private static final int SEND_BUFFER = 512 * 1024;

  /** What answers under way get when the service stops, after the engine has ended its runs. */
  private static final long LINGER_SECONDS = 5;

  private final HttpOptions options;
  private final Access access;
  private final Intake intake;
  private final List<Dialect> dialects;
  private @Nullable HttpServer server;
  private @Nullable IdleConnections connections;

  /**
   * A listener for these dialects.
   *
   * @param options port 0 is any free one, the same for all instances: see {@link #port}
   */
  public HttpVerticle(HttpOptions options, Access access, Intake intake, List<Dialect> dialects) {
    this.options = options;
    this.access = access;
    this.intake = intake;
    this.dialects = List.copyOf(dialects);
  }

  @Override
  public Future<?> start() {
    var stallMillis = options.stallTimeout().toMillis();
    var idle = new IdleConnections(vertx, IDLE_MILLIS);
    var exchange =
        new Exchange(
            vertx,
            new RouteTable(dialects),
            access,
            intake,
            new AnswerWriter(vertx, stallMillis),
            new Upgrades(vertx, idle::forget, stallMillis, options.pingInterval().toMillis()),
            stallMillis);
    idle.start();
    connections = idle;
    return vertx
        .createHttpServer(
            new HttpServerOptions()
                .setHost(options.host())
                .setPort(options.port() == 0 ? ANY_SHARED_PORT : options.port())
                .setMaxHeaderSize(MAX_HEADER)
                .setMaxInitialLineLength(MAX_LINE)
                .setAcceptBacklog(BACKLOG)
                .setTcpNoDelay(true)
                .setSendBufferSize(SEND_BUFFER)
                .setHttp2ClearTextEnabled(false)
                // The first one that is offered is taken: clients want to see it again.
                .setWebSocketSubProtocols(List.of(ANY_SUBPROTOCOL))
                // A message that unpacks to gigabytes would not be noticed in time.
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false)
                // Over this the connection is reset. A message somewhat over the limit is answered.
                .setMaxWebSocketFrameSize((int) Math.min(2 * longestMessage(), MAX_FRAME)))
        .connectionHandler(idle::opened)
        .requestHandler(request -> {
          idle.began(request);
          exchange.handle(request);
        })
        .invalidRequestHandler(exchange::refuse)
        .listen()
        .onSuccess(listening -> server = listening);
  }

  /** In bytes: the longest body. */
  private long longestMessage() {
    return dialects.stream().mapToLong(Dialect::bodyLimit).max().orElse(0);
  }

  /** The port that this instance listens on, once it is deployed. */
  public int port() {
    return server == null ? options.port() : server.actualPort();
  }

  /** Accepts nothing more, lets answers under way finish for a few seconds. */
  @Override
  public Future<?> stop() {
    intake.close();
    if (connections != null) {
      connections.stop();
    }
    return server == null
        ? Future.succeededFuture()
        : server.shutdown(LINGER_SECONDS, TimeUnit.SECONDS);
  }
}
