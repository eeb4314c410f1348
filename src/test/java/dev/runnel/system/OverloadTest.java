package dev.runnel.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More starts than the service can take: it says so, and keeps what it has promised. */
class OverloadTest {
  private static final int CLIENTS = 12;
  private static final int STARTS = 8;

  @TempDir Path home;

  @Test
  void whatIsTooMuchIsRefusedWithATimeToComeBackAndNothingElseIsLost() throws Exception {
    var options =
        Map.of("RUNNEL_SLOTS", "1", "RUNNEL_QUEUE_LENGTH", "3", "SCRIPTS_BASH_LOGIN", "false");
    try (var service = ServiceProcess.startWithOwner(home, options)) {
      var log = home.resolve("log");
      var script =
          service
              .client()
              .create("busy", "bash", "echo $SCRIPT_RUN_ID >> " + log + "; sleep 0.2", Map.of());
      Queue<String> accepted = new ConcurrentLinkedQueue<>();
      var refused = new AtomicInteger();
      try (var clients = Executors.newFixedThreadPool(CLIENTS)) {
        for (var i = 0; i < CLIENTS; i++) {
          var path =
              i % 2 == 0
                  ? "/api/admin/scripts/" + script + "/run"
                  : "/api/scripts/async/busy/execute";
          var _ =
              clients.submit(() -> {
                var client = service.client();
                for (var j = 0; j < STARTS; j++) {
                  start(client, path, accepted, refused);
                }
                return null;
              });
        }
      }

      assertThat(accepted.size() + refused.get()).isEqualTo(CLIENTS * STARTS);
      assertThat(refused).hasPositiveValue();
      assertThat(accepted.size()).isGreaterThanOrEqualTo(4);
      var client = service.client();
      assertThat(accepted)
          .allMatch(run -> client.ended(run).get("status").asText().equals("succeeded"));
      assertThat(Files.readAllLines(log))
          .containsExactlyInAnyOrderElementsOf(List.copyOf(accepted));
    }
  }

  @Test
  void whoWaitsForAnAnswerWaitsNoLongerForItsTurnThanTheOptionSays() throws Exception {
    var options =
        Map.of("RUNNEL_SLOTS", "1", "RUNNEL_SLOT_TIMEOUT", "300 ms", "SCRIPTS_BASH_LOGIN", "false");
    try (var service = ServiceProcess.startWithOwner(home, options)) {
      var client = service.client();
      var busy = client.run(client.create("busy", "bash", "sleep 60", Map.of()));
      client.create("hasty", "bash", "echo never", Map.of());

      var reply = client.post("/api/scripts/hasty/execute").expect(429);

      assertThat(reply.response().headers().firstValueAsLong("Retry-After").orElse(0))
          .isBetween(1L, 60L);
      assertThat(reply.at("/message").asText()).startsWith("The run's turn did not come in time");
      var record = client.get("/api/admin/scripts/runs?status=timed_out").expect(200);
      assertThat(record.at("/items/0/reason").asText()).isEqualTo("queue_timeout");
      assertThat(record.at("/items/0/errorMessage").asText())
          .isEqualTo("Queue time-out: its turn did not come within 300 ms");

      var impatient = "{\"queueTimeoutMs\":300,\"wait\":10000}";
      var late =
          client.send("POST", "/api/admin/scripts/hasty/run", impatient, Map.of()).expect(429);
      assertThat(late.response().headers().firstValueAsLong("Retry-After").orElse(0))
          .isBetween(1L, 60L);
      assertThat(late.at("/error").asText()).startsWith("The run's turn did not come in time");
      client.post("/api/admin/scripts/runs/" + busy + "/cancel").expect(202);
    }
  }

  private static void start(
      Client client, String path, Queue<String> accepted, AtomicInteger refused) {
    var reply = client.post(path);
    switch (reply.status()) {
      case 200 -> accepted.add(reply.at("/runId").asText());
      case 202 -> accepted.add(reply.at("/id").asText());
      default -> {
        reply.expect(429);
        assertThat(reply.response().headers().firstValueAsLong("Retry-After").orElse(0))
            .isBetween(1L, 60L);
        refused.incrementAndGet();
      }
    }
  }
}
