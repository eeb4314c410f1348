package dev.runnel.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code runnel run}, {@code superuser upsert}, {@code doctor}, {@code openapi}, {@code --version}.
 */
@TestInstance(Lifecycle.PER_CLASS)
class CommandLineTest {
  private static final Path FUNCTIONS = Path.of("functions").toAbsolutePath();

  @TempDir Path home;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          hello.sh  | world | Hello from bash, world!
          hello.js  | world | Hello from node, world!
          hello.py  | ''    | Hello from functions!
          add.py    | 2,40  | 42
          """)
  void anExampleRunsThroughTheEngine(String file, String args, String expected) {
    var command = new ArrayList<>(List.of("run", FUNCTIONS.resolve(file).toString()));
    command.addAll(args.isEmpty() ? List.of() : List.of(args.split(",", -1)));
    var ended = runnel(Map.of(), command);
    assertThat(ended.code()).as(ended.output()).isZero();
    assertThat(ended.output()).contains(expected);
  }

  @Test
  void outputIsSeenWhileTheScriptStillRuns() throws IOException {
    var process =
        ServiceProcess.launch(
            home, Map.of(), List.of("run", FUNCTIONS.resolve("ticks.sh").toString(), "6"));
    var times = new ArrayList<Long>();
    try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        times.add(System.nanoTime());
      }
    }
    assertThat(times).hasSize(6);
    assertThat(Duration.ofNanos(times.getLast() - times.getFirst()))
        .isGreaterThan(Duration.ofMillis(500));
  }

  @Test
  void theScriptsExitCodeIsTheCommandsOwn() throws IOException {
    var script = Files.writeString(home.resolve("seven.sh"), "echo out; echo err >&2; exit 7");
    assertThat(runnel(Map.of(), List.of("run", script.toString())).code()).isEqualTo(7);
  }

  @Test
  void ctrlCCancelsTheRun() throws IOException, InterruptedException {
    var script = Files.writeString(home.resolve("long.sh"), "echo up; sleep 600");
    var process = ServiceProcess.launch(home, Map.of(), List.of("run", script.toString()));
    try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
      assertThat(lines.readLine()).isEqualTo("up");
      new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
      // A JVM that was started with SIGINT ignored, as by nohup, never hears of it.
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("Ctrl-C ended it").isTrue();
      assertThat(process.exitValue()).isEqualTo(130);
    } finally {
      process.destroy();
    }
  }

  @Test
  void aSuperuserIsMadeBesideNothingAndBesideALiveService() {
    assertThat(runnel(Map.of(), List.of("superuser", "upsert", "a@example.com", "password-1")))
        .isEqualTo(new Ended(0, "Superuser a@example.com is ready\n"));
    try (var service = ServiceProcess.start(home, Map.of())) {
      Client.basic(service.url(), "a@example.com", "password-1")
          .get("/api/admin/scripts")
          .expect(200);
      assertThat(runnel(Map.of(), List.of("superuser", "upsert", "a@example.com", "password-2")))
          .isEqualTo(new Ended(0, "Superuser a@example.com is ready\n"));
      Client.basic(service.url(), "a@example.com", "password-1")
          .get("/api/admin/scripts")
          .expect(401);
      Client.basic(service.url(), "a@example.com", "password-2")
          .get("/api/admin/scripts")
          .expect(200);
    }
  }

  @Test
  void doctorSaysWhatHoldsHere() {
    var ended = runnel(Map.of(), List.of("doctor"));
    assertThat(ended.code()).as(ended.output()).isZero();
    assertThat(ended.output())
        .contains("process start")
        .contains("process end")
        .contains("privacy")
        .contains("database");
    if (isRoot()) {
      assertThat(ended.output())
          .contains("a script can read the service's environment, its memory, the secret key")
          .doesNotContain("a script cannot read");
    } else {
      assertThat(ended.output())
          .contains("a script can read the secret key")
          .contains("a script cannot read the service's environment, its memory");
    }
  }

  @Test
  void doctorTriesWhatAUserOfTheScriptsOwnCannotRead() {
    assumeTrue(isRoot(), "RUNNEL_RUN_AS needs root");
    var ended = runnel(Map.of("RUNNEL_RUN_AS", "nobody"), List.of("doctor"));
    assertThat(ended.code()).as(ended.output()).isZero();
    assertThat(ended.output())
        .contains("a script cannot read the service's environment, its memory, the secret key")
        .doesNotContain("a script can read");
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  @Test
  void aWrongOptionStopsTheStartAndSaysWhatIsAllowed() {
    var ended = runnel(Map.of("RUNNEL_HTTP_PORT", "99999"), List.of("serve"));
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.output())
        .contains("RUNNEL_HTTP_PORT")
        .contains("99999")
        .contains("65535")
        .doesNotContain("\tat ");
  }

  @Test
  void theVersionIsTheBuilds() {
    assertThat(runnel(Map.of(), List.of("--version")).output()).startsWith("runnel 0.1.0");
  }

  @Test
  void theOpenApiDocumentIsPrinted() throws IOException {
    var json = runnel(Map.of(), List.of("openapi"));
    assertThat(json.code()).isZero();
    assertThat(Client.JSON.readTree(json.output()).at("/info/version").asText()).isEqualTo("0.1.0");
    var yaml = runnel(Map.of(), List.of("openapi", "--yaml"));
    assertThat(yaml.code()).isZero();
    assertThat(yaml.output()).startsWith("openapi: 3.1.0\n").contains("\n  /api/scripts:\n");
  }

  private Ended runnel(Map<String, String> options, List<String> args) {
    return Ended.of(home, options, args);
  }
}
