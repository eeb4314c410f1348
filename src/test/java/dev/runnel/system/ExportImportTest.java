package dev.runnel.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code runnel export} and {@code import}, beside a service and without one. */
class ExportImportTest {
  @TempDir Path here;
  @TempDir Path there;

  private final Map<String, String> options = Map.of("SCRIPTS_BASH_LOGIN", "false");

  @Test
  void scriptsTravelWithTheirPastAndComeBackChanged() throws Exception {
    try (var service = ServiceProcess.startWithOwner(here, options)) {
      var client = service.client();
      var id =
          client.create(
              "greet",
              "bash",
              "echo hello $NAME",
              Map.of("env", List.of(Map.of("key", "NAME", "value", "canary-name"))));
      client.send("PUT", "/api/admin/scripts/" + id, "{\"script\":\"echo hi $NAME\"}", Map.of());
      client.create("idle", "node", "1", Map.of("enabled", false, "timeoutMs", 5_000));
      var name = "{\"name\":\"grüße:1.py\",\"content\":\"print(1)\\n\"}";
      client.send("POST", "/api/scripts", name, Map.of()).expect(201);

      assertThat(runnel(here, "export", "out").output()).isEqualTo("3 scripts are in out\n");
      assertThat(runnel(here, "export", "out").output()).contains("is not empty", "--force");
      assertThat(runnel(here, "export", "out", "--force").code()).isZero();
      var exported = files(here.resolve("out"));
      assertThat(exported.keySet())
          .containsExactly(
              ".runnel-export",
              "gr%C3%BC%C3%9Fe%3A1.py/script.json",
              "gr%C3%BC%C3%9Fe%3A1.py/script.py",
              "gr%C3%BC%C3%9Fe%3A1.py/versions/1.py",
              "greet/script.json",
              "greet/script.sh",
              "greet/versions/1.sh",
              "greet/versions/2.sh",
              "idle/script.js",
              "idle/script.json",
              "idle/versions/1.js");
      assertThat(exported.toString()).contains("\"NAME\"").doesNotContain("canary-name");

      // An empty target gets everything as it was.
      var first = runnel(there, "import", here.resolve("out").toString());
      assertThat(first.code()).as(first.output()).isZero();
      assertThat(first.output())
          .contains("created greet", "3 created, 0 updated, 0 unchanged, 0 conflicts")
          .contains("without values greet: NAME");
      assertThat(runnel(there, "export", "again").code()).isZero();
      var again = files(there.resolve("again"));
      again.replaceAll((file, text) -> file.equals("greet/script.json") ? env(text) : text);
      exported.replaceAll((file, text) -> file.equals("greet/script.json") ? env(text) : text);
      assertThat(again).isEqualTo(exported);

      // Nothing changes the second time; an edited text is the next version, values stay.
      assertThat(runnel(here, "import", "out").output())
          .isEqualTo("0 created, 0 updated, 3 unchanged, 0 conflicts\n");
      Files.writeString(here.resolve("out/greet/script.sh"), "echo edited $NAME");
      assertThat(runnel(here, "import", "out", "--dry-run").output()).contains("updated greet");
      assertThat(runnel(here, "import", "out").output())
          .startsWith("updated greet (version 3)\n0 created, 1 updated, 2 unchanged");
      assertThat(client.ended(client.run(id)).get("outputTail").asText())
          .isEqualTo("edited canary-name\n");
      assertThat(here.resolve("functions/scripts/greet")).hasContent("echo edited $NAME");

      // A code identifier that another script has leaves that one out, and nothing else.
      var definition = here.resolve("out/idle/script.json");
      Files.writeString(
          definition,
          Files.readString(definition)
              .replace("\"name\" : \"idle\"", "\"name\" : \"other\"")
              .replace("\"title\" : \"idle\"", "\"title\" : \"Other\""));
      var conflict = runnel(here, "import", "out");
      assertThat(conflict.code()).isEqualTo(1);
      assertThat(conflict.output())
          .contains("conflict other: its codeIdentifier idle is that of idle")
          .contains("2 unchanged, 1 conflicts");
    }
  }

  /** Names of variables are not created without values, so they are not exported again. */
  private static String env(String json) {
    return json.replace("\"env\" : [ \"NAME\" ]", "\"env\" : [ ]");
  }

  private Ended runnel(Path home, String... args) {
    return Ended.of(home, options, List.of(args));
  }

  private static Map<String, String> files(Path folder) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (var paths = Files.walk(folder)) {
      for (var path : paths.filter(Files::isRegularFile).toList()) {
        files.put(folder.relativize(path).toString(), text(path));
      }
    }
    return files;
  }

  private static String text(Path path) {
    try {
      return Files.readString(path);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
