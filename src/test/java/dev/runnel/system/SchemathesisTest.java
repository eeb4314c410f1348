package dev.runnel.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Schemathesis asks the service a thousand things that its OpenAPI document allows and forbids, as
 * a superuser: each answer is one that the document declares, and none is a 5xx that it does not.
 * What would be executed is replaced by harmless things before it is sent: {@code
 * src/test/fuzz/guard.py}.
 */
class SchemathesisTest {
  private static final int FEWEST_CASES = 1_000;

  /** Spread over the operations; others come from their examples and edges. */
  private static final int MADE_UP = 700;

  private static final int FEWEST_MADE_UP = 20;
  private static final int SEED = Integer.getInteger("fuzz.seed", 1);
  private static final String CHECKS =
      "not_a_server_error,status_code_conformance,content_type_conformance,"
          + "response_schema_conformance";

  /** Success is 101, which only a WebSocket client gets; the document's own route is not tried. */
  private static final List<String> WITHOUT_SUCCESS =
      List.of("GET /api/scripts/{name}/execute/ws", "GET /openapi.json");

  private static final Map<String, String> SCRIPTS =
      Map.of(
          "fuzz-ok.sh", "printf '%s\\n' \"$@\"",
          "fuzz-fail.sh", "echo fails; exit 3",
          "fuzz-main.py", "def main(*given):\n    return list(given)\n");

  /** All that may be executed, as the guard has it. */
  private static final List<String> HARMLESS =
      List.of(
          "fuzz-ok.sh",
          "fuzz-fail.sh",
          "fuzz-main.py",
          "true",
          "exit 3",
          "echo fuzz",
          "fuzz.wasm",
          "none.wasm");

  /** A module whose {@code _start} does nothing. */
  private static final byte[] WASM =
      HexFormat.of()
          .parseHex(
              "0061736d010000000104016000000302010007" + "0a01065f7374617274" + "00000a040102000b");

  @TempDir Path dir;

  @Test
  void everyAnswerIsDeclared() throws Exception {
    var tool =
        Stream.of(System.getenv("PATH").split(File.pathSeparator))
            .map(folder -> Path.of(folder, "schemathesis"))
            .filter(Files::isExecutable)
            .findFirst();
    assumeTrue(tool.isPresent(), "no schemathesis on the PATH; .ci/run installs it from PyPI");
    // Deep enough that what climbs out of EXECUTE_PATH is still ours.
    var home = dir.resolve("a/b/c/service");
    try (var service = ServiceProcess.startWithOwner(home, Map.of("SCRIPTS_BASH_LOGIN", "false"))) {
      // With passwords one would be throttled after so many wrong ones.
      var client = new Client(service.client().http(), service.url(), service.token());
      prepare(client, home);
      var operations = mounted(client);
      var cases = fuzz(tool.get(), service, operations.size());

      assertThat(cases).hasSizeGreaterThanOrEqualTo(FEWEST_CASES);
      assertThat(succeeded(cases)).containsAll(operations);
      assertThat(executed(client)).isNotEmpty().isSubsetOf(HARMLESS);
      assertThat(service.output()).doesNotContain(" ERROR ");
      assertThat(home.resolve("outside")).doesNotExist();
      assertThat(Path.of("/outside")).doesNotExist();
    }
  }

  private static void prepare(Client client, Path home) throws IOException {
    Files.createDirectories(home.resolve("functions"));
    Files.write(home.resolve("functions/fuzz.wasm"), WASM);
    for (var script : SCRIPTS.entrySet()) {
      var body = Client.JSON.createObjectNode();
      body.put("name", script.getKey()).put("content", script.getValue());
      client.post("/api/scripts", body).expect(201);
    }
  }

  /** As schemathesis names them. */
  private static List<String> mounted(Client client) {
    var operations = new ArrayList<String>();
    client
        .get("/openapi.json")
        .expect(200)
        .at("/paths")
        .properties()
        .forEach(path ->
            Stream.of("get", "post", "patch", "delete")
                .filter(path.getValue()::has)
                .forEach(method ->
                    operations.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
    operations.removeAll(WITHOUT_SUCCESS);
    return operations;
  }

  /** Each request that was sent: its status and its operation. */
  private List<String> fuzz(Path tool, ServiceProcess service, int operations) throws Exception {
    var login =
        Client.JSON
            .createObjectNode()
            .put("identity", ServiceProcess.EMAIL)
            .put("password", ServiceProcess.PASSWORD);
    var session =
        service.client().post("/api/collections/_superusers/auth-with-password", login).expect(200);
    // With more than one worker CPython 3.11 fails now and then: its parser is not safe there.
    var command =
        List.of(
            tool.toString(),
            "run",
            service.url() + "/openapi.json",
            "--header",
            "Authorization: " + session.at("/token").asText(),
            "--checks",
            CHECKS,
            "--phases",
            "examples,coverage,fuzzing",
            "--max-examples",
            "" + Math.max(FEWEST_MADE_UP, MADE_UP / operations),
            "--seed",
            "" + SEED,
            "--generation-database",
            "none",
            "--generation-with-security-parameters",
            "false",
            "--request-timeout",
            "30",
            "--no-shrink",
            "--no-color");
    var cases = dir.resolve("cases");
    var output = dir.resolve("schemathesis.txt");
    var builder =
        new ProcessBuilder(command)
            .directory(dir.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                "SCHEMATHESIS_HOOKS", "guard",
                "PYTHONPATH", Path.of("src/test/fuzz").toAbsolutePath().toString(),
                "PYTHONDONTWRITEBYTECODE", "1",
                "FUZZ_CASES", cases.toString(),
                "FUZZ_LOGIN", login.toString(),
                "FUZZ_OWNER", session.at("/record/id").asText()));
    var process = builder.start();
    try {
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).as("it ends").isTrue();
      assertThat(process.exitValue()).as(Files.readString(output)).isZero();
    } finally {
      process.destroyForcibly();
    }
    return Files.readAllLines(cases);
  }

  private static Set<String> succeeded(List<String> cases) {
    var operations = new TreeSet<String>();
    for (var line : cases) {
      if (line.startsWith("2")) {
        operations.add(line.substring(4));
      }
    }
    return operations;
  }

  /** The names of what has run; a command is its own name. */
  private static Set<String> executed(Client client) {
    var names = new TreeSet<String>();
    var next = "";
    do {
      var page = client.get("/api/admin/scripts/runs?limit=100" + next).expect(200);
      page.at("/items").forEach(run -> names.add(run.at("/script/name").asText()));
      next = page.at("/nextCursor").isNull() ? "" : "&cursor=" + page.at("/nextCursor").asText();
    } while (!next.isEmpty());
    return names;
  }
}
