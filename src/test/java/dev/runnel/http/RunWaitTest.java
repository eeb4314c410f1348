package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.bus.Ask;
import dev.runnel.bus.Bus;
import dev.runnel.bus.ExecutionAsk;
import dev.runnel.bus.Runs;
import dev.runnel.problem.Problem;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How long a caller waits for the end of a run. */
class RunWaitTest {
  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = Bus.of(vertx);

  @AfterEach
  void close() {
    vertx.close().await();
  }

  private Future<Boolean> waitFor(Duration patience, Future<?> events) {
    bus.answer(Ask.Address.EXECUTION, ExecutionAsk.class, _ -> events);
    return RunWait.forEnd(
        Runs.over(bus), UUID.randomUUID(), patience, Promise.<Void>promise().future());
  }

  @Test
  void itIsOverInTimeThoughNothingIsHeardOfTheRun() throws Exception {
    var waited = waitFor(Duration.ofMillis(50), Promise.promise().future());
    assertThat(waited.await(20, TimeUnit.SECONDS)).isFalse();
  }

  @Test
  void whatFailsIsNoEndOfTheWait() {
    var waited = waitFor(Duration.ofSeconds(20), Future.failedFuture(new Problem.Disabled()));
    assertThatThrownBy(() -> waited.await(20, TimeUnit.SECONDS))
        .isInstanceOf(Problem.Disabled.class);
  }
}
