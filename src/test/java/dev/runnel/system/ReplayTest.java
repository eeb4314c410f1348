package dev.runnel.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A start that names itself happens once, also when the service dies in between. */
class ReplayTest {
  @TempDir Path home;

  @Test
  void theKeysOutliveTheService() throws Exception {
    var options = Map.of("RUNNEL_SLOTS", "1", "SCRIPTS_BASH_LOGIN", "false");
    Client.Reply ended;
    Client.Reply interrupted;
    Client.Reply queued;
    try (var service = ServiceProcess.startWithOwner(home, options)) {
      var client = service.client();
      client.create("quick", "bash", "date +%s%N", Map.of());
      client.create("endless", "bash", "echo up; sleep 600", Map.of());
      ended = start(client, "/api/scripts/quick/execute").expect(200);
      interrupted = start(client, "/api/admin/scripts/endless/run").expect(200);
      client.printing(interrupted.at("/runId").asText());
      queued = start(client, "/api/admin/scripts/quick/run").expect(200);
      service.killHard();
    }
    try (var service = ServiceProcess.startWithOwner(home, options)) {
      var client = service.client();
      for (var then :
          Map.of(
                  "/api/scripts/quick/execute", ended,
                  "/api/admin/scripts/endless/run", interrupted,
                  "/api/admin/scripts/quick/run", queued)
              .entrySet()) {
        var again = start(client, then.getKey()).expect(200);
        assertThat(again.response().headers().firstValue("Idempotency-Replayed")).contains("true");
        assertThat(again.body()).isEqualTo(then.getValue().body());
      }
      assertThat(client.ended(queued.at("/runId").asText()).get("status").asText())
          .isEqualTo("succeeded");
      assertThat(client.record(interrupted.at("/runId").asText()).get("status").asText())
          .isEqualTo("failed");
      assertThat(client.get("/api/admin/scripts/runs").expect(200).at("/items")).hasSize(3);
    }
  }

  private static Client.Reply start(Client client, String path) {
    return client.send("POST", path, null, Map.of("Idempotency-Key", "one"));
  }
}
