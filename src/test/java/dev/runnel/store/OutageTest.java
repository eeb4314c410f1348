package dev.runnel.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.runnel.bus.RunAsk;
import dev.runnel.bus.RunWrite;
import dev.runnel.bus.ScriptAsk;
import dev.runnel.bus.StoreHealth;
import dev.runnel.problem.Problem;
import dev.runnel.run.Output;
import dev.runnel.run.RunStatus;
import dev.runnel.script.ScriptDraft;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.SslMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server of its own that stops, hangs and comes back. */
class OutageTest {
  @SuppressWarnings("NullAway.Init") // set before every test
  private DebianServer server;

  @SuppressWarnings("NullAway.Init") // set before every test
  private Store store;

  @BeforeEach
  void open() {
    server = DebianServer.own();
    store = Store.open(server);
  }

  @AfterEach
  void close() {
    if (store != null) {
      store.close();
      server.close();
    }
  }

  @Test
  void aStoppedServerIsUnavailableAndIsFoundAgainWhenItIsBack() {
    var node = UUID.randomUUID();
    var lease = Starts.life(store, node).lease();
    var run = Starts.running(store, lease);
    server.stop();

    assertThat(store.refusal(new StoreHealth())).isInstanceOf(Problem.Unavailable.class);
    assertThat(store.refusal(new ScriptAsk.All())).isInstanceOf(Problem.Unavailable.class);
    assertThat(store.refusal(new ScriptAsk.Create(ScriptDraft.plain("a", "", ""))))
        .isInstanceOfSatisfying(
            Problem.Unavailable.class,
            away -> assertThat(away.retryAfter()).isEqualTo(Duration.ofSeconds(2)));
    assertThat(store.refusal(Starts.insert(Starts.adHoc(""), lease, true)))
        .isInstanceOf(Problem.Unavailable.class);
    assertThat(
            store.refusal(
                new RunWrite.Append(run.id(), lease, List.of(Starts.log(2, Output.STDOUT, "x")))))
        .isInstanceOf(Problem.Unavailable.class);

    server.start();

    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> store.bus.ask(new StoreHealth()), this::isUp);
    assertThat(store.ask(new RunWrite.Renew(lease, Instant.now()))).isTrue();
    assertThat(store.ask(Starts.succeed(run, lease))).isTrue();
  }

  /** Each connection that was begun meanwhile and forgotten would make it wait for a minute. */
  @Test
  void anOrderlyStopOfTheServerWaitsForNoConnectionOfOurs() {
    var vertx = Vertx.vertx();
    try {
      var address = DatabaseAddress.parse(server.url(), "preferring", 8);
      assertThat(address.ssl()).isEqualTo(SslMode.PREFER);
      var database = Database.open(vertx, address).await();

      var stop = CompletableFuture.runAsync(server::stop);

      await()
          .atMost(Duration.ofSeconds(30))
          .pollInterval(Duration.ofMillis(1))
          .until(() -> {
            Future.join(database.health(), database.health()).otherwiseEmpty().await();
            return stop.isDone();
          });
      assertThat(catchThrowable(() -> database.health().await()))
          .isInstanceOf(Problem.Unavailable.class);
    } finally {
      vertx.close().await();
    }
  }

  @Test
  void aHungServerIsUnavailableInBoundedTimeAndGoesOnWhenItWakes() {
    var lease = Starts.life(store);
    var run = Starts.running(store, lease);
    var insert = Starts.insert(Starts.adHoc("print(2)"), lease, true);
    server.pause();
    try {
      for (var i = 0; i < 3; i++) {
        var asked = Instant.now();
        assertThat(store.refusal(new StoreHealth())).isInstanceOf(Problem.Unavailable.class);
        assertThat(Duration.between(asked, Instant.now())).isLessThan(Duration.ofSeconds(2));
      }
      var asked = Instant.now();
      var refused = new ArrayList<Future<?>>();
      refused.add(store.bus.ask(insert));
      for (var i = 0; i < 300; i++) {
        refused.add(store.bus.ask(Starts.insert(Starts.adHoc(""), lease, true)));
        refused.add(store.bus.ask(new RunAsk.Find(run.id())));
      }
      assertThat(refused)
          .allSatisfy(answer ->
              assertThat(catchThrowable(() -> Store.await(answer)))
                  .isInstanceOf(Problem.Unavailable.class));
      assertThat(Duration.between(asked, Instant.now())).isLessThan(Duration.ofSeconds(8));
    } finally {
      server.resume();
    }

    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> store.bus.ask(new StoreHealth()), this::isUp);
    assertThat(store.ask(insert).run().id()).isEqualTo(insert.id());
    assertThat(store.ask(new RunAsk.Find(insert.id())).orElseThrow().status().isTerminal())
        .isFalse();
    assertThat(store.ask(Starts.finish(run, lease, RunStatus.SUCCEEDED, 2, List.of()))).isTrue();
    assertThat(store.ask(new RunWrite.Held(lease)))
        .extracting(held -> held.run().id())
        .doesNotContain(run.id());
  }

  @Test
  void aServerThatIsAwayAtTheStartIsUnavailable() {
    server.stop();
    var failure =
        catchThrowable(() -> Store.await(Database.open(store.vertx, server.address("other"))));

    assertThat(failure)
        .isInstanceOf(Problem.Unavailable.class)
        .hasMessageContaining("127.0.0.1")
        .hasMessageContaining("does not answer");
  }

  private boolean isUp(Future<Boolean> health) {
    return catchThrowable(() -> Store.await(health)) == null;
  }
}
