package dev.runnel.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/** One body on its way to its taker: a single piece in memory, reused. Used on one event loop. */
final class BodyStream {
  /** In bytes: who sends less in a whole stall timeout only holds the connection. */
  static final int LEAST = 1024;

  private final HttpServerRequest request;
  private final long limit;
  private final byte[] piece;
  private final BodyTaker taker;
  private final Promise<Void> done = Promise.promise();

  private int filled;
  private long received;
  private long receivedBefore;
  private boolean taking;
  private boolean ended;
  private @Nullable Throwable failure;

  /** What arrived while the last piece was being taken. */
  private @Nullable Buffer waiting;

  private int waitingFrom;

  BodyStream(HttpServerRequest request, long limit, int pieceSize, BodyTaker taker) {
    this.request = request;
    this.limit = limit;
    this.piece = new byte[pieceSize];
    this.taker = taker;
  }

  Future<Void> read() {
    request.handler(this::arrived);
    request.exceptionHandler(cause -> fail(new HungUp(cause.toString())));
    request.endHandler(_ -> {
      ended = true;
      goOn();
    });
    request.resume();
    return done.future();
  }

  /** The whole body is here, taken or not. */
  boolean hasEnded() {
    return ended;
  }

  /** Ends the reading; later, when a piece is just being taken. */
  void fail(Throwable cause) {
    if (done.future().isComplete()) {
      return;
    }
    if (failure == null) {
      failure = cause;
      request.pause();
    }
    goOn();
  }

  /** Called once in each stall timeout; the time that the taker takes does not count. */
  void checkPace() {
    if (!taking && !ended && received - receivedBefore < LEAST) {
      fail(new Refused(new Refusal.TooSlow()));
    }
    receivedBefore = taking ? received - LEAST : received;
  }

  private void arrived(Buffer chunk) {
    received += chunk.length();
    if (received > limit) {
      fail(new Refused(new Refusal.TooLarge(limit)));
      return;
    }
    waiting = waiting == null ? chunk : rest().appendBuffer(chunk);
    goOn();
  }

  private Buffer rest() {
    var left = waiting == null ? Buffer.buffer() : waiting.getBuffer(waitingFrom, waiting.length());
    waitingFrom = 0;
    return left;
  }

  private void goOn() {
    if (taking) {
      return;
    }
    if (failure != null) {
      done.tryFail(failure);
      return;
    }
    fill();
    if (filled == piece.length || (ended && filled > 0)) {
      hand();
    } else if (ended) {
      done.tryComplete();
    }
  }

  private void fill() {
    if (waiting == null) {
      return;
    }
    var taken = Math.min(piece.length - filled, waiting.length() - waitingFrom);
    waiting.getBytes(waitingFrom, waitingFrom + taken, piece, filled);
    filled += taken;
    waitingFrom += taken;
    if (waitingFrom == waiting.length()) {
      waiting = null;
      waitingFrom = 0;
    }
  }

  private void hand() {
    taking = true;
    request.pause();
    taken(filled)
        .onComplete(taken -> {
          taking = false;
          filled = 0;
          if (taken.failed() && failure == null) {
            failure = taken.cause();
          }
          if (failure == null) {
            request.resume();
          }
          goOn();
        });
  }

  private Future<Void> taken(int length) {
    try {
      return taker.take(piece, length);
    } catch (RuntimeException refused) {
      return Future.failedFuture(refused);
    }
  }
}
