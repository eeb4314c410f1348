package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Many who send the same start at the same time, and callers who hang up. */
@TestInstance(Lifecycle.PER_CLASS)
class OnceTest {
  private static final String ADMIN = "/api/admin/scripts";

  @SuppressWarnings("NullAway.Init") // set before every test
  private TestService service;

  @TempDir Path dir;

  @BeforeAll
  void start() throws Exception {
    service = new TestService(Backend.fresh());
  }

  @AfterAll
  void stop() {
    service.close();
  }

  private Reply send(String method, String path, String body, Map<String, String> more)
      throws Exception {
    var headers =
        new HashMap<>(
            Map.of("Authorization", service.superuserToken, "Content-Type", "application/json"));
    headers.putAll(more);
    return service.send(method, path, headers, body.getBytes(StandardCharsets.UTF_8));
  }

  private Reply post(String path, Map<String, String> headers) throws Exception {
    return send("POST", path, "", headers);
  }

  private void definition(String code, String concurrency, String script) throws Exception {
    var body =
        "{\"name\":\"%s\",\"codeIdentifier\":\"%s\",\"type\":\"bash\",\"concurrency\":\"%s\",\"script\":\"%s\"}"
            .formatted(code, code, concurrency, script);
    assertThat(send("POST", ADMIN, body, Map.of()).status()).isEqualTo(201);
  }

  private String item(String run, String field) throws Exception {
    var reply = send("GET", ADMIN + "/runs/" + run, "", Map.of());
    return HttpScenarios.at(reply.body(), "/item/" + field).asText();
  }

  private List<String> runsOf(String code) throws Exception {
    var script =
        HttpScenarios.at(send("GET", ADMIN + "/" + code, "", Map.of()).body(), "/item/_id");
    var list = send("GET", ADMIN + "/runs?scriptId=" + script.asText(), "", Map.of()).body();
    return HttpScenarios.at(list, "items").findValuesAsText("_id");
  }

  private void gate(Path file) throws Exception {
    definition(
        file.getFileName().toString(),
        "parallel",
        "until [ -e " + file + " ]; do sleep 0.02; done");
  }

  @ParameterizedTest
  @CsvSource({
    "sync,   parallel, /api/scripts/sync/execute,        200",
    "async,  queue,    /api/scripts/async/async/execute, 202",
    "single, single,   /api/admin/scripts/single/run,    200"
  })
  void fiftyPostsWithOneKeyStartOneRun(String code, String concurrency, String path, int status)
      throws Exception {
    definition(code, concurrency, "date +%s%N");
    var answers = new ArrayList<Future<Reply>>();
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Reply> call = () -> post(path, Map.of("Idempotency-Key", "fifty"));
      for (var i = 0; i < 50; i++) {
        answers.add(callers.submit(call));
      }
    }
    var bodies = new ArrayList<String>();
    var replayed = 0;
    for (var answer : answers) {
      var reply = answer.get(1, TimeUnit.SECONDS);
      assertThat(reply.status()).as(reply.body()).isEqualTo(status);
      bodies.add(reply.body());
      replayed += reply.headers().contains("Idempotency-Replayed") ? 1 : 0;
    }
    assertThat(bodies.stream().distinct()).hasSize(1);
    assertThat(replayed).isEqualTo(49);
    assertThat(runsOf(code)).hasSize(1);
  }

  @Test
  void aRepeatWaitsForTheRunThatStillRuns() throws Exception {
    var gate = dir.resolve("gate");
    gate(gate);
    Callable<Reply> call =
        () -> post("/api/scripts/gate/execute", Map.of("Idempotency-Key", "waits"));
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var first = callers.submit(call);
      await().until(() -> runsOf("gate").size() == 1);
      var repeat = callers.submit(call);
      var impatient =
          post("/api/scripts/gate/execute", Map.of("Idempotency-Key", "waits", "Prefer", "wait=0"));
      assertThat(impatient.status()).isEqualTo(202);
      Files.createFile(gate);

      assertThat(first.get().status()).isEqualTo(200);
      assertThat(repeat.get().status()).isEqualTo(200);
      assertThat(repeat.get().body()).isEqualTo(first.get().body());
      assertThat(repeat.get().headers().get("X-Run-Id"))
          .isEqualTo(first.get().headers().get("X-Run-Id"))
          .isEqualTo(runsOf("gate").getFirst());
    }
  }

  private void hangUp(String path, String prefer, String code) throws Exception {
    var connection = new RawConnection(service.port());
    connection.say(
        "POST "
            + path
            + " HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nAuthorization: "
            + service.superuserToken
            + "\r\n"
            + prefer
            + "\r\n");
    await().until(() -> !runsOf(code).isEmpty());
    connection.close();
  }

  @ParameterizedTest
  @CsvSource({
    "bye-sync,  /api/scripts/bye-sync/execute",
    "bye-async, /api/scripts/async/bye-async/execute",
    "bye-admin, /api/admin/scripts/bye-admin/run"
  })
  void whoHangsUpUnderHandlingCancelEndsTheRun(String code, String path) throws Exception {
    definition(code, "parallel", "sleep 30");
    hangUp(path, "prefer: wait=25\r\nPrefer: foo, handling=cancel\r\n", code);

    var run = runsOf(code).getFirst();
    await().atMost(Duration.ofSeconds(20)).until(() -> item(run, "status").equals("canceled"));
    assertThat(item(run, "reason")).isEqualTo("canceled_by_client");
  }

  /** Every slot is taken until the file is there. */
  private void fill(String code) throws Exception {
    gate(dir.resolve(code));
    for (var i = 0; i < service.options.execution().slots(); i++) {
      assertThat(post(ADMIN + "/" + code + "/run", Map.of()).status()).isEqualTo(200);
    }
  }

  private void release(String code) throws Exception {
    Files.createFile(dir.resolve(code));
    for (var run : runsOf(code)) {
      await().atMost(Duration.ofSeconds(20)).until(() -> item(run, "status").equals("succeeded"));
    }
  }

  @Test
  void aQueuedRunEndsToo() throws Exception {
    fill("full");
    definition("waits", "parallel", "true");
    hangUp(ADMIN + "/waits/run", "Prefer: handling=cancel, wait=25\r\n", "waits");

    var run = runsOf("waits").getFirst();
    await().atMost(Duration.ofSeconds(20)).until(() -> item(run, "status").equals("canceled"));
    assertThat(item(run, "reason")).isEqualTo("canceled_by_client");
    assertThat(item(run, "startedAt")).isEqualTo("null");
    release("full");
  }

  @Test
  void aWaitForASlotInVainUsesNoKeyUp() throws Exception {
    fill("crowd");
    definition("late", "parallel", "echo late");
    var key = Map.of("Idempotency-Key", "late");
    assertThat(post("/api/scripts/late/execute", key).status()).isEqualTo(429);
    release("crowd");

    var again = post("/api/scripts/late/execute", key);
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.headers().contains("Idempotency-Replayed")).isFalse();
    assertThat(runsOf("late")).hasSize(2);
  }
}
