package dev.runnel.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Modules through the whole service: the built-in runtime, an uploaded wasmedge, and every end. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WasmTest {
  private Path home;
  private ServiceProcess service;
  private Client client;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    home = directory;
    Modules.copy(home.resolve("functions"));
    var options =
        Map.of(
            "RUNNEL_WASM_TIMEOUT",
            "8 s",
            "RUNNEL_KILL_GRACE",
            "2 s",
            "SPOKEN",
            "to nobody",
            "LANG",
            "C.UTF-8",
            // Whatever this host has.
            "PATH",
            "/bin:/usr/bin");
    service = ServiceProcess.startWithOwner(home, options);
    client = service.client();
  }

  @AfterAll
  void stop() {
    service.close();
  }

  private Client.Reply call(String options, String wasm, String params) {
    return client.post("/api/scripts/wasm", Modules.call(options, wasm, params));
  }

  private JsonNode output(String options, String wasm, String params) {
    return call(options, wasm, params).expect(200).at("/output");
  }

  private String start(String options, String wasm, String params) {
    return client
        .post("/api/scripts/wasm/async", Modules.call(options, wasm, params))
        .expect(202)
        .at("/id")
        .asText();
  }

  private JsonNode job(String id) {
    return client.get("/api/scripts/wasm/async/" + id).expect(200).body();
  }

  private JsonNode endedJob(String id) {
    return await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> job(id), job -> !job.get("status").asText().equals("running"));
  }

  private long workers() {
    return Modules.workers(service.pid()).count();
  }

  @Test
  void a_function_and_a_command() {
    assertThat(output("--reactor", "fibonacci.wasm", "fib 10").asText()).isEqualTo("55\n");
    var failed = call("--env \"A=b c\"", "sub/../echo.wasm", "one 'two three'").expect(500);
    assertThat(failed.at("/message").asText()).isEqualTo("Failed to execute WASM function.");
    assertThat(failed.at("/data/stdout").asText()).isEqualTo("echo.wasm\none\ntwo three\nA=b c\n");
    assertThat(failed.at("/data/stderr").asText()).isEqualTo("done\n");
    assertThat(failed.at("/data/exitCode").asInt()).isEqualTo(3);
    assertThat(failed.at("/data/error").asText()).isEqualTo("exit status 3");
  }

  @Test
  void a_run_is_recorded_like_any_other() {
    var reply = call("--reactor", "fibonacci.wasm", "fib 20").expect(200);
    var run = reply.response().headers().firstValue("X-Run-Id").orElseThrow();
    var record = client.record(run);
    assertThat(record.get("status").asText()).isEqualTo("succeeded");
    assertThat(record.get("outputTail").asText()).isEqualTo("6765\n");
    assertThat(record.get("stdoutBytes").asLong()).isEqualTo(5);
    assertThat(record.get("cpuMs").isNumber()).as(record.toString()).isTrue();
    var again = client.post("/api/admin/scripts/runs/" + run + "/rerun").expect(200).at("/runId");
    assertThat(client.ended(again.asText()).get("outputTail").asText()).isEqualTo("6765\n");
  }

  @Test
  void a_superuser_may_open_a_directory_of_the_host() throws Exception {
    Files.writeString(home.resolve("functions/sub/note.txt"), "a note");
    assertThat(output("--dir /:sub", "files.wasm", "").asText()).isEqualTo("a note");
  }

  @Test
  void a_loop_ends_at_its_own_limit_at_the_runs_and_when_it_is_cancelled() {
    var own = call("--reactor --time-limit 100", "sums.wasm", "forever").expect(500);
    assertThat(own.at("/data/stderr").asText())
        .isEqualTo("wasm: ended by --time-limit after 100 ms\n");
    assertThat(own.at("/data/status").asText()).isEqualTo("failed");

    var timedOut = call("--reactor", "sums.wasm", "forever").expect(500);
    assertThat(timedOut.at("/data/status").asText()).isEqualTo("timed_out");
    assertThat(timedOut.at("/data/error").asText()).isEqualTo("Run timed out after 8000 ms");

    var id = start("--reactor", "sums.wasm", "forever");
    assertThat(job(id).get("status").asText()).isEqualTo("running");
    client.post("/api/admin/scripts/runs/" + id + "/cancel");
    var job = endedJob(id);
    assertThat(job.get("status").asText()).isEqualTo("error");
    assertThat(job.get("error").asText()).isEqualTo("canceled");
    assertThat(client.record(id).get("status").asText()).isEqualTo("canceled");
    assertThat(output("--reactor", "sums.wasm", "add 1 2").asText()).isEqualTo("3\n");
  }

  @Test
  void a_flood_can_be_cancelled() {
    var id = start("", "files.wasm", "more");
    client.printing(id);
    client.post("/api/admin/scripts/runs/" + id + "/cancel");
    var job = endedJob(id);
    assertThat(job.get("status").asText()).isEqualTo("error");
    assertThat(job.get("stdout").asText()).startsWith("more\nmore\n");
  }

  @Test
  void memory_is_limited() {
    assertThat(output("--reactor --memory-page-limit 50", "sums.wasm", "hog").asText())
        .isEqualTo("49\n");
    assertThat(output("--reactor", "sums.wasm", "hog").asText())
        .as("256 MiB, in steps of 16 pages from 1")
        .isEqualTo("4081\n");
  }

  @Test
  void fifty_at_a_time_while_the_service_answers() throws Exception {
    var answers = new ArrayList<Future<String>>();
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var i = 0; i < 50; i++) {
        answers.add(callers.submit(() -> output("--reactor", "fibonacci.wasm", "fib 20").asText()));
        client.get("/api/health").expect(200);
      }
      for (var answer : answers) {
        assertThat(answer.get()).isEqualTo("6765\n");
      }
    }
    assertThat(workers()).isLessThanOrEqualTo(2L * Runtime.getRuntime().availableProcessors());
  }

  @Test
  void an_uploaded_wasmedge_wins_and_sees_little() throws Exception {
    var program = home.resolve("functions/wasmedge");
    Files.writeString(
        program, "#!/bin/sh\necho \"wasm-runner $@\"\necho \"$#\" >&2\npwd; env | sort\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    try {
      var options = "--reactor --env \"REDIS_URL=redis://localhost/\" --gas-limit 5";
      var reply = call(options, "not/there.wasm", "fib '1 0' $HOME `id` *").expect(200);
      var lines = reply.at("/stdout").asText().lines().toList();
      assertThat(lines.getFirst())
          .isEqualTo(
              "wasm-runner --reactor --env REDIS_URL=redis://localhost/ --gas-limit 5"
                  + " not/there.wasm fib 1 0 $HOME `id` *");
      assertThat(reply.at("/stderr").asText()).isEqualTo("11\n");
      var functions = home.resolve("functions").toRealPath();
      assertThat(lines.get(1)).isEqualTo(functions.toString());
      assertThat(lines.subList(2, lines.size()))
          .contains("PATH=" + functions + ":/bin:/usr/bin", "EXECUTE_PATH=" + functions)
          .contains("LANG=C.UTF-8")
          .allMatch(line ->
              line.matches(
                  "(PATH|HOME|USER|LANG|LC_\\w+|TZ|TMPDIR|EXECUTE_PATH|PWD|OLDPWD|_|SHLVL"
                      + "|SCRIPT_\\w+|RUNNEL_RUN_ID)=.*"));
      assertThat(output("", "compile", "a b").asText()).startsWith("wasm-runner ./compile a b\n");
      Files.writeString(program, "#!/bin/sh\necho no >&2; exit 7\n");
      assertThat(call("", "a.wasm", "").expect(500).at("/data/exitCode").asInt()).isEqualTo(7);
    } finally {
      Files.delete(program);
    }
  }

  @Test
  void the_workers_end_with_the_service_however_that_ends(@TempDir Path other) throws Exception {
    Modules.copy(other.resolve("functions"));
    for (var how : List.of("KILL", "TERM")) {
      var options = Map.of("RUNNEL_STOP_GRACE", "100 ms");
      try (var mortal = ServiceProcess.startWithOwner(other, options)) {
        assertThat(Modules.workers(mortal.pid())).as("none before it is needed").isEmpty();
        mortal
            .client()
            .post("/api/scripts/wasm/async", Modules.call("--reactor", "sums.wasm", "forever"))
            .expect(202);
        await().until(() -> Modules.workers(mortal.pid()).findAny().isPresent());
        var workers = Modules.workers(mortal.pid()).toList();
        mortal.signal(how);
        mortal.awaitExit();
        await().until(() -> workers.stream().noneMatch(Modules::isWorker));
      }
    }
  }
}
