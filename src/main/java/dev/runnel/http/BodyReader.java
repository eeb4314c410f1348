package dev.runnel.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

/** Takes in the body of one request, or throws it away. Nothing arrives before one is asked for. */
final class BodyReader {
  /** What an answered request may still send so that its sender gets to read the answer. */
  private static final long MAX_DISCARDED = 64L << 20;

  private static final long DISCARD_MILLIS = 5_000;

  /** In bytes: big enough that handing it over costs little. */
  private static final int PIECE = 128 * 1024;

  private final Vertx vertx;
  private final HttpServerRequest request;
  private final Future<Void> gone;
  private boolean arrived;

  /** {@code gone} completes when the caller hangs up, also before anything is read. */
  BodyReader(Vertx vertx, HttpServerRequest request, Future<Void> gone) {
    this.vertx = vertx;
    this.request = request;
    this.gone = gone;
    request.pause();
  }

  /**
   * The whole body. Fails with {@code TooLarge} as soon as it is known to be, also when no length
   * was announced, with {@link HungUp}, and with {@code TooSlow} when nothing arrives for {@code
   * patienceMillis}.
   */
  Future<Buffer> read(long limit, long patienceMillis) {
    if (announced() > limit) {
      return Future.failedFuture(new Refused(new Refusal.TooLarge(limit)));
    }
    goOn();
    var whole = Promise.<Buffer>promise();
    var collected = Buffer.buffer();
    var progress = new long[] {0, -1};
    var stall =
        vertx.setPeriodic(
            patienceMillis,
            _ -> {
              if (progress[0] == progress[1]) {
                whole.tryFail(new Refused(new Refusal.TooSlow()));
              }
              progress[1] = progress[0];
            });
    request.handler(chunk -> {
      progress[0] += chunk.length();
      if (progress[0] > limit) {
        whole.tryFail(new Refused(new Refusal.TooLarge(limit)));
      } else {
        collected.appendBuffer(chunk);
      }
    });
    request.exceptionHandler(cause -> whole.tryFail(new HungUp(cause.toString())));
    gone.onSuccess(_ -> whole.tryFail(new HungUp("the connection was closed")));
    request.endHandler(_ -> {
      arrived = true;
      whole.tryComplete(collected);
    });
    request.resume();
    return whole.future().onComplete(_ -> vertx.cancelTimer(stall));
  }

  /**
   * Hands the body over piece by piece; completes when the last one was taken. Fails as {@link
   * #read} does, also when less than {@value BodyStream#LEAST} bytes arrive in {@code
   * patienceMillis}, and with what {@code taker} fails with; never while a piece is being taken.
   */
  Future<Void> each(long limit, long patienceMillis, BodyTaker taker) {
    if (announced() > limit) {
      return Future.failedFuture(new Refused(new Refusal.TooLarge(limit)));
    }
    goOn();
    var stream = new BodyStream(request, limit, PIECE, taker);
    gone.onSuccess(_ -> stream.fail(new HungUp("the connection was closed")));
    var timer = vertx.setPeriodic(patienceMillis, _ -> stream.checkPace());
    return stream
        .read()
        .onComplete(_ -> {
          arrived = stream.hasEnded();
          vertx.cancelTimer(timer);
        });
  }

  private void goOn() {
    if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
      request.response().writeContinue();
    }
  }

  /** Lets the rest of the body pass by unread; closes a connection whose body does not end. */
  void discard() {
    if (arrived) {
      return;
    }
    var connection = request.connection();
    var timer = vertx.setTimer(DISCARD_MILLIS, _ -> connection.close());
    var seen = new long[1];
    request.handler(chunk -> {
      seen[0] += chunk.length();
      if (seen[0] > MAX_DISCARDED) {
        connection.close();
      }
    });
    request.exceptionHandler(_ -> vertx.cancelTimer(timer));
    request.endHandler(_ -> vertx.cancelTimer(timer));
    request.resume();
  }

  /** In bytes; 0 when nothing is announced. */
  private long announced() {
    var header = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    try {
      return header == null ? 0 : Long.parseLong(header);
    } catch (NumberFormatException absurd) {
      return Long.MAX_VALUE;
    }
  }
}
