package dev.runnel.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The database goes and comes back under a running service. */
class DatabaseOutageTest {
  @TempDir Path home;

  @Test
  void aKilledDatabaseIsStartedAgainAndNothingOfARunningScriptIsLost() throws Exception {
    try (var service = ServiceProcess.startWithOwner(home, Map.of("SCRIPTS_BASH_LOGIN", "false"))) {
      var client = service.client();
      var script =
          client.create(
              "through-the-outage",
              "bash",
              "for i in $(seq 1 60); do echo $i; sleep 0.05; done",
              Map.of());
      var run = client.run(script);
      client.printing(run);
      var postmaster = Files.readAllLines(home.resolve("data/postgres/data/postmaster.pid"));
      new ProcessBuilder("kill", "-9", postmaster.getFirst().strip()).start().waitFor();
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> client.get("/api/health").status() == 200);
      var record = client.ended(run);
      assertThat(record.get("status").asText()).isEqualTo("succeeded");
      assertThat(record.get("outputTail").asText())
          .isEqualTo(
              IntStream.rangeClosed(1, 60).mapToObj(i -> i + "\n").collect(Collectors.joining()));
      assertThat(client.ended(client.run(script)).get("status").asText()).isEqualTo("succeeded");
    }
  }

  @Test
  void aPausedDatabaseIsSaidWithinTwoSecondsAndStartsAreRefusedUntilItGoesOn() throws Exception {
    try (var service = ServiceProcess.startWithOwner(home, Map.of("SCRIPTS_BASH_LOGIN", "false"))) {
      var client = service.client();
      var script = client.create("paused", "bash", "echo on", Map.of());
      var group = Files.readAllLines(home.resolve("data/postgres/data/postmaster.pid")).getFirst();
      signalAll("STOP", group.strip());
      try {
        var start = System.nanoTime();
        assertThat(client.get("/api/health").status()).isEqualTo(503);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
        assertThat(client.get("/api/health/live").status()).isEqualTo(200);
        var refused = client.post("/api/admin/scripts/" + script + "/run");
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.response().headers().firstValue("Retry-After")).isPresent();
      } finally {
        signalAll("CONT", group.strip());
      }
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> client.get("/api/health").status() == 200);
      assertThat(client.ended(client.run(script)).get("outputTail").asText()).isEqualTo("on\n");
    }
  }

  /** The postmaster and all its backends. */
  private static void signalAll(String signal, String postmaster) throws Exception {
    new ProcessBuilder(
            "sh", "-c", "kill -%s %s $(pgrep -P %s)".formatted(signal, postmaster, postmaster))
        .start()
        .waitFor();
  }
}
