package dev.runnel.http.bosbase;

import dev.runnel.http.Answer;
import dev.runnel.http.Json;
import dev.runnel.http.Sink;
import dev.runnel.http.Wording;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The result of one run as an event stream: one event, then the end. Nothing is sent before it,
 * unless it takes long: then the head goes out, and a comment now and then keeps proxies from
 * closing the connection.
 */
final class ResultEvents {
  static final Map<String, String> HEADERS =
      Map.of(
          "Content-Type", "text/event-stream",
          "Cache-Control", "no-store",
          "X-Accel-Buffering", "no");

  private static final Buffer PING = Buffer.buffer(": ping\n\n");
  private static final long QUIET_MILLIS = 5_000;
  private static final Wording ERRORS = new Errors();

  private final String id;
  private final Future<Answer> end;
  private final String requestId;
  private final long pingMillis;
  private final Vertx vertx = Vertx.currentContext().owner();

  private ResultEvents(String id, Future<Answer> end, String requestId, long pingMillis) {
    this.id = id;
    this.end = end;
    this.requestId = requestId;
    this.pingMillis = pingMillis;
  }

  /**
   * The stream, or the error if it comes before anything had to be sent.
   *
   * @param id of the event: who has seen it does not come back for another run
   * @param end what the run answers; anything but 200 is an error
   */
  static Future<Answer> of(String id, Future<Answer> end, String requestId, Duration pingInterval) {
    return new ResultEvents(id, end, requestId, pingInterval.toMillis()).answer();
  }

  private Future<Answer> answer() {
    return end.timeout(Math.min(QUIET_MILLIS, pingMillis), TimeUnit.MILLISECONDS)
        .transform(_ -> end.isComplete() ? quick() : Future.succeededFuture(stream(this::slow)));
  }

  private Future<Answer> quick() {
    return end.map(
        answer -> answer.status() == 200 ? stream(sink -> finish(sink, answer)) : answer);
  }

  private static Answer stream(Consumer<Sink> writer) {
    return new Answer.Stream(200, HEADERS, writer);
  }

  private void slow(Sink sink) {
    var writing = new boolean[1];
    Runnable ping =
        () -> {
          if (!writing[0] && !sink.isClosed()) {
            writing[0] = true;
            sink.write(PING).onComplete(_ -> writing[0] = false);
          }
        };
    ping.run();
    var timer = vertx.setPeriodic(pingMillis, _ -> ping.run());
    end.otherwise(failure -> ERRORS.of(requestId, failure))
        .onSuccess(answer -> {
          vertx.cancelTimer(timer);
          finish(sink, answer);
        });
  }

  private void finish(Sink sink, Answer answer) {
    var type = answer.status() == 200 ? "" : "event:error\n";
    var data = Json.text(ExecuteRoutes.body(answer));
    sink.write(Buffer.buffer(type + "id:" + id + "\ndata:" + data + "\n\n"))
        .onSuccess(_ -> sink.end());
  }
}
