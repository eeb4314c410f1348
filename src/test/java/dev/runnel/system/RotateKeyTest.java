package dev.runnel.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code runnel rotate-key} beside a service that works. */
class RotateKeyTest {
  private static final String RUNS_EVERYWHERE = "echo $VALUE";

  @TempDir Path home;

  private final Map<String, String> options = new HashMap<>(Map.of("SCRIPTS_BASH_LOGIN", "false"));

  private static Map<String, ?> value(String text) {
    return Map.of("env", List.of(Map.of("key", "VALUE", "value", text)));
  }

  private static String output(Client client, String script) {
    return client.ended(client.run(script)).get("outputTail").asText();
  }

  private static String token(Client client) {
    return client
        .send(
            "POST",
            "/api/collections/_superusers/auth-with-password",
            "{\"identity\":\"%s\",\"password\":\"%s\"}"
                .formatted(ServiceProcess.EMAIL, ServiceProcess.PASSWORD),
            Map.of())
        .expect(200)
        .at("/token")
        .asText();
  }

  private static int scripts(Client client, String token) {
    return client.send("GET", "/api/scripts", null, Map.of("Authorization", token)).status();
  }

  @Test
  void aRunningServiceTakesTheNewKeyAtOnceAndKeepsItOverARestart() throws Exception {
    var file = home.resolve("data/secret.key");
    String script;
    try (var service = ServiceProcess.startWithOwner(home, options)) {
      var client = service.client();
      script = client.create("sealed", "bash", RUNS_EVERYWHERE, value("before"));
      var token = token(client);
      assertThat(scripts(client, token)).isEqualTo(200);
      var before = Files.readString(file);

      var rotated = Ended.of(home, options, List.of("rotate-key"));

      assertThat(rotated.code()).as(rotated.output()).isZero();
      assertThat(rotated.output())
          .contains("1 values were encrypted anew", "running services have taken it")
          .doesNotContain(before.strip());
      assertThat(Files.readString(file)).isNotEqualTo(before);
      assertThat(rotated.output()).doesNotContain(Files.readString(file).strip());
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
      assertThat(scripts(client, token)).isEqualTo(401);
      assertThat(scripts(client, token(client))).isEqualTo(200);
      assertThat(output(client, script)).isEqualTo("before\n");
      client.create("after", "bash", RUNS_EVERYWHERE, value("after"));
      assertThat(service.output()).contains("The secret key was changed");
    }
    try (var service = ServiceProcess.startWithOwner(home, options)) {
      assertThat(output(service.client(), script)).isEqualTo("before\n");
      assertThat(output(service.client(), "after")).isEqualTo("after\n");
    }
  }

  @Test
  void aKeyFromTheEnvironmentIsPrintedAndTheOldOneIsNoticedAtTheNextStart() {
    options.put("RUNNEL_SECRET_KEY", Base64.getEncoder().encodeToString(new byte[32]));
    String script;
    String printed;
    try (var service = ServiceProcess.startWithOwner(home, options)) {
      script = service.client().create("sealed", "bash", RUNS_EVERYWHERE, value("kept"));
      var rotated = Ended.of(home, options, List.of("rotate-key"));
      assertThat(rotated.code()).as(rotated.output()).isZero();
      printed = rotated.output().lines().findFirst().orElseThrow().replace("The new key: ", "");
      assertThat(output(service.client(), script)).isEqualTo("kept\n");
      Awaitility.await()
          .until(() -> service.output().contains("give RUNNEL_SECRET_KEY the new one"));
    }
    var refused = Ended.of(home, options, List.of("serve"));
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.output())
        .contains("another secret key than that of RUNNEL_SECRET_KEY", "rotate-key")
        .doesNotContain("\tat ");
    assertThat(home.resolve("data/secret.key")).doesNotExist();
    options.put("RUNNEL_SECRET_KEY", printed);
    options.put("RUNNEL_NEW_SECRET_KEY", "not a key");
    assertThat(Ended.of(home, options, List.of("rotate-key")).output())
        .contains("RUNNEL_NEW_SECRET_KEY is not base64")
        .doesNotContain("not a key");
    options.remove("RUNNEL_NEW_SECRET_KEY");
    try (var service = ServiceProcess.startWithOwner(home, options)) {
      assertThat(output(service.client(), script)).isEqualTo("kept\n");
    }
  }
}
