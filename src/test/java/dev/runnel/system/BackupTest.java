package dev.runnel.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runnel.store.DebianServer;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README says about backups: the restored service has everything and works. */
class BackupTest {
  @TempDir Path home;
  @TempDir Path other;

  private final Map<String, String> options = new HashMap<>(Map.of("SCRIPTS_BASH_LOGIN", "false"));

  /** All that must come back. */
  private record Held(JsonNode scripts, JsonNode run, String log) {

    static Held by(Client client, String run) {
      return new Held(
          client.get("/api/admin/scripts").expect(200).body(),
          client.record(run),
          client.get("/api/admin/scripts/runs/" + run + "/full-output").response().body());
    }
  }

  private static String use(Client client) {
    var script =
        client.create(
            "kept",
            "bash",
            "echo old",
            Map.of("env", List.of(Map.of("key", "VALUE", "value", "sealed"))));
    var text = "{\"script\":\"for i in $(seq 300); do echo $VALUE $i; done\"}";
    client.send("PUT", "/api/admin/scripts/" + script, text, Map.of()).expect(200);
    var run = client.run(script);
    assertThat(client.ended(run).get("status").asText()).isEqualTo("succeeded");
    return run;
  }

  private void holds(Held held, String run) {
    try (var restored = ServiceProcess.startWithOwner(other, options)) {
      var client = restored.client();
      assertThat(Held.by(client, run)).isEqualTo(held);
      assertThat(held.log()).contains("sealed 1\\n", "sealed 300\\n");
      assertThat(client.ended(client.run("kept")).get("outputTail").asText())
          .endsWith("sealed 300\n");
    }
  }

  @Test
  void aCopyOfTheStoppedDataDirWorksAtAnotherPlace() throws Exception {
    Held held;
    String run;
    try (var service = ServiceProcess.startWithOwner(home, options)) {
      run = use(service.client());
      held = Held.by(service.client(), run);
      service.signal("TERM");
      assertThat(service.awaitExit()).isZero();
    }
    var copy =
        new ProcessBuilder("cp", "-a", home.resolve("data").toString(), other.toString()).start();
    assertThat(copy.waitFor()).isZero();
    holds(held, run);
  }

  @Test
  void aDumpOfTheExternalDatabaseIsRestored() throws Exception {
    options.put("RUNNEL_SECRET_KEY", Base64.getEncoder().encodeToString(new byte[32]));
    try (var server = DebianServer.own()) {
      options.put("RUNNEL_DATABASE_URL", server.url("postgres", "any"));
      Held held;
      String run;
      try (var service = ServiceProcess.startWithOwner(home, options)) {
        run = use(service.client());
        held = Held.by(service.client(), run);
        server.copy("postgres", "restored");
      }
      options.put("RUNNEL_DATABASE_URL", server.url("restored", "any"));
      holds(held, run);
    }
  }
}
