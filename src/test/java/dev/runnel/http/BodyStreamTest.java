package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Bodies that are taken piece by piece. */
class BodyStreamTest {
  private static final int BLOCK = 64 * 1024;
  private static final int BLOCKS = 1024;

  private final Vertx vertx = Vertx.vertx();
  private final AtomicLong taken = new AtomicLong();
  private final AtomicInteger longest = new AtomicInteger();
  private final Promise<Void> leave = Promise.promise();

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  private int listen(long patienceMillis) throws Exception {
    var server =
        vertx
            .createHttpServer()
            .requestHandler(request -> each(request, patienceMillis))
            .listen(0, "127.0.0.1");
    return TestService.await(server).actualPort();
  }

  private void each(HttpServerRequest request, long patienceMillis) {
    new BodyReader(vertx, request, Promise.<Void>promise().future())
        .each(Long.MAX_VALUE, patienceMillis, this::take)
        .onComplete(
            read -> request.response().end(read.failed() ? read.cause().toString() : "all"));
  }

  private Future<Void> take(byte[] bytes, int length) {
    taken.addAndGet(length);
    longest.accumulateAndGet(length, Math::max);
    var done = Promise.<Void>promise();
    var loop = vertx.getOrCreateContext();
    leave.future().onComplete(_ -> loop.runOnContext(_ -> done.complete()));
    return done.future();
  }

  private static RawConnection post(int port) throws IOException {
    return new RawConnection(port)
        .say("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + BLOCK * BLOCKS + "\r\n\r\n");
  }

  @Test
  void aSenderIsHeldBackUntilItsPieceIsTaken() throws Exception {
    try (var connection = post(listen(60_000))) {
      var sent = new AtomicLong();
      var sending =
          CompletableFuture.runAsync(() -> {
            try {
              for (int i = 0; i < BLOCKS; i++) {
                connection.say(new byte[BLOCK]);
                sent.addAndGet(BLOCK);
              }
            } catch (IOException failure) {
              throw new AssertionError(failure);
            }
          });
      await().until(() -> taken.get() > 0);
      var held = new AtomicLong(-1);
      await()
          .pollInterval(Duration.ofMillis(300))
          .until(() -> held.getAndSet(sent.get()) == sent.get());
      // The rest lies in the buffers of the kernel.
      assertThat(sent.get()).isLessThan(32L << 20);
      assertThat(taken.get()).isLessThan(1 << 20);

      leave.complete();
      assertThat(connection.reply().body()).isEqualTo("all");
      sending.join();
      assertThat(taken.get()).isEqualTo((long) BLOCK * BLOCKS);
      assertThat(longest.get()).isLessThanOrEqualTo(128 * 1024);
    }
  }

  @Test
  void theTimeThatTheTakerTakesIsNotTheSenders() throws Exception {
    try (var connection = post(listen(100))) {
      for (int i = 0; i < 4; i++) {
        connection.say(new byte[BLOCK]);
      }
      await().until(() -> taken.get() > 0);
      // Five times the patience.
      vertx.setTimer(500, _ -> leave.complete());
      var reply = connection.reply();
      assertThat(leave.future().isComplete()).isTrue();
      assertThat(reply.body()).contains("TooSlow");
    }
  }
}
