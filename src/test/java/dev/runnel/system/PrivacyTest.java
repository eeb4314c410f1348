package dev.runnel.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a script can learn about the service. */
class PrivacyTest {
  private static final String CANARY = "canary-7f3a";

  @TempDir Path home;

  @Test
  void aScriptWithAUserOfItsOwnReadsNeitherEnvironmentNorKeysNorDatabase() throws Exception {
    assumeTrue("root".equals(System.getProperty("user.name")), "RUNNEL_RUN_AS needs root");
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx--x--x"));
    try (var service =
        ServiceProcess.startWithOwner(
            home,
            Map.of(
                "RUNNEL_RUN_AS", "nobody",
                "ADMIN_USERNAME", "admin",
                "ADMIN_PASSWORD", CANARY))) {
      var client = service.client();
      assertThat(service.output()).contains("scripts run as nobody");
      var data = home.resolve("data");
      var spy =
          client.create(
              "spy",
              "bash",
              """
              id -un
              env
              cat /proc/%d/environ
              cat /proc/%d/maps | head -1
              ls /proc/%d/fd
              head -c 1 /proc/%d/mem
              cat %s/secret.key
              ls %s
              ls %s/postgres
              ls %s/runs
              """
                  .formatted(
                      service.pid(),
                      service.pid(),
                      service.pid(),
                      service.pid(),
                      data,
                      data,
                      data,
                      data),
              Map.of());
      var record = client.ended(client.run(spy));
      assertThat(record.get("stdoutTail").asText())
          .startsWith("nobody\n")
          .doesNotContain(CANARY)
          .doesNotContain(ServiceProcess.PASSWORD);
      assertThat(record.get("stderrTail").asText().lines().filter(l -> l.contains("denied")))
          .as("but for the login, which is silent")
          .hasSize(8);
      var node = client.create("as-nobody", "node", "console.log(process.getuid())", Map.of());
      assertThat(client.ended(client.run(node)).get("outputTail").asText()).isEqualTo("65534\n");
    }
  }

  @Test
  void aScriptsEnvironmentHoldsNothingOfTheServices() {
    try (var service =
        ServiceProcess.startWithOwner(
            home,
            Map.of(
                "ADMIN_USERNAME", "admin",
                "ADMIN_PASSWORD", CANARY,
                "MY_API_TOKEN", CANARY,
                "HARMLESS", "passes",
                "SCRIPTS_BASH_LOGIN", "false"))) {
      var client = service.client();
      var script = client.create("environment", "bash", "env", Map.of("env", env("OWN", "value")));
      var record = client.ended(client.run(script));
      assertThat(record.get("outputTail").asText())
          .contains("HARMLESS=passes", "OWN=value", "EXECUTE_PATH=", "SCRIPT_CODE=environment")
          .doesNotContain(CANARY)
          .doesNotContain(ServiceProcess.PASSWORD);
      assertThat(service.output()).doesNotContain(CANARY).contains("scripts run as");
    }
  }

  private static Object env(String key, String value) {
    return List.of(Map.of("key", key, "value", value));
  }
}
