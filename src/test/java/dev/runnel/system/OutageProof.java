package dev.runnel.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.store.DebianServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The database goes and comes back while runs are started all the time. */
@Tag("prove")
class OutageProof {
  private static final Duration STOPPED =
      Duration.ofSeconds(Integer.getInteger("prove.stopped", 30));
  private static final Duration PAUSED = Duration.ofSeconds(Integer.getInteger("prove.paused", 10));
  private static final int STARTS_A_SECOND = 10;

  @TempDir Path home;

  @Test
  void aServerThatIsStoppedForHalfAMinuteCostsRefusedStartsAndNothingElse() throws Exception {
    try (var server = DebianServer.own()) {
      outage(server, server::stop, STOPPED, server::start);
    }
  }

  @Test
  void aServerThatHangsForTenSecondsCostsRefusedStartsAndNothingElse() throws Exception {
    try (var server = DebianServer.own()) {
      outage(server, server::pause, PAUSED, server::resume);
    }
  }

  private void outage(DebianServer server, Runnable begin, Duration length, Runnable end)
      throws Exception {
    var options = Map.of("RUNNEL_DATABASE_URL", server.url(), "SCRIPTS_BASH_LOGIN", "false");
    try (var service = ServiceProcess.startWithOwner(home, options);
        var load = new Load(service.client())) {
      var client = service.client();
      var lines = (int) length.plusSeconds(10).toMillis() / 50;
      var through = client.run(client.create("through", "bash", counting(lines), Map.of()));
      client.printing(through);
      await().until(() -> load.accepted.size() >= 3 * STARTS_A_SECOND);
      begin.run();
      try {
        await().atMost(length).until(() -> !load.refused.isEmpty());
        // The outage has its length, whatever happens in it.
        assertThat(new CountDownLatch(1).await(length.toMillis(), TimeUnit.MILLISECONDS)).isFalse();
      } finally {
        end.run();
      }
      var before = load.accepted.size();
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> load.accepted.size() > before + STARTS_A_SECOND);
      load.end();

      assertThat(load.refused)
          .allSatisfy(refused -> {
            refused.expect(503);
            assertThat(refused.response().headers().firstValue("Retry-After")).isPresent();
          });
      for (var run : load.accepted) {
        assertThat(client.ended(run).get("status").asText()).isEqualTo("succeeded");
      }
      assertThat(client.ended(through).get("status").asText()).isEqualTo("succeeded");
      var output = client.get("/api/admin/scripts/runs/" + through + "/full-output");
      assertThat(output.at("/fullOutput").asText())
          .isEqualTo(
              IntStream.rangeClosed(1, lines)
                  .mapToObj(i -> i + "\n")
                  .collect(Collectors.joining()));
      assertThat(service.output()).doesNotContain("taken this one over");
      System.out.printf(
          "database away for %d s: %d starts accepted and succeeded, %d refused%n",
          length.toSeconds(), load.accepted.size(), load.refused.size());
    }
  }

  @Test
  void theEmbeddedServerIsStartedAgainUnderLoadAndNothingAcceptedIsLost() throws Exception {
    try (var service = ServiceProcess.startWithOwner(home, Map.of("SCRIPTS_BASH_LOGIN", "false"));
        var load = new Load(service.client())) {
      var client = service.client();
      for (var kill = 0; kill < 3; kill++) {
        var before = load.accepted.size();
        await().until(() -> load.accepted.size() > before + STARTS_A_SECOND);
        killPostmaster();
        await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> client.get("/api/health").status() == 200);
      }
      load.end();
      for (var run : load.accepted) {
        assertThat(client.ended(run).get("status").asText()).isEqualTo("succeeded");
      }
      assertThat(load.refused).allSatisfy(refused -> refused.expect(503));
    }
  }

  @Test
  void anEmbeddedServerThatKeepsDyingEndsTheServiceWithAClearMessage() throws Exception {
    try (var service = ServiceProcess.startWithOwner(home, Map.of("SCRIPTS_BASH_LOGIN", "false"));
        var _ = new Load(service.client());
        var killer = Executors.newSingleThreadScheduledExecutor()) {
      var _ = killer.scheduleWithFixedDelay(this::killPostmaster, 0, 100, TimeUnit.MILLISECONDS);
      assertThat(service.awaitExit()).isEqualTo(1);
      killer.shutdownNow();
      assertThat(service.output()).contains("The embedded PostgreSQL died").contains("Its log: ");
    }
  }

  private void killPostmaster() {
    var file = home.resolve("data/postgres/data/postmaster.pid");
    try (var lines = Files.lines(file)) {
      var pid = lines.findFirst().map(String::strip).map(Long::parseLong);
      pid.flatMap(ProcessHandle::of).ifPresent(ProcessHandle::destroyForcibly);
    } catch (IOException | NumberFormatException between) {
      System.out.println("No server at this moment: " + between);
    }
  }

  private static String counting(int lines) {
    return "for i in $(seq 1 " + lines + "); do echo $i; sleep 0.05; done";
  }

  /** Starts runs all the time until it is closed. */
  private static final class Load implements AutoCloseable {
    final ConcurrentLinkedQueue<String> accepted = new ConcurrentLinkedQueue<>();
    final ConcurrentLinkedQueue<Client.Reply> refused = new ConcurrentLinkedQueue<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService starters = Executors.newVirtualThreadPerTaskExecutor();

    Load(Client client) {
      var script = client.create("load", "bash", "sleep 0.2; echo done", Map.of());
      var _ =
          clock.scheduleAtFixedRate(
              () -> starters.execute(() -> start(client, script)),
              0,
              1_000 / STARTS_A_SECOND,
              TimeUnit.MILLISECONDS);
    }

    private void start(Client client, String script) {
      var reply = client.post("/api/admin/scripts/" + script + "/run");
      if (reply.status() == 200) {
        accepted.add(reply.at("/runId").asText());
      } else {
        refused.add(reply);
      }
    }

    /** Returns when every start is answered. */
    void end() {
      clock.close();
      starters.close();
    }

    @Override
    public void close() {
      end();
    }
  }
}
