package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.run.RunStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What callers see when a part is away, full or slow, and what happens when they hang up. */
class FaultTest {
  private final MemoryBackend backend = new MemoryBackend();
  private TestService service;

  @BeforeEach
  void start() throws Exception {
    service = new TestService(backend);
  }

  @AfterEach
  void stop() {
    service.close();
  }

  private Reply send(String method, String path, String token, String body) throws Exception {
    var headers = new HashMap<>(Map.of("Content-Type", "application/json"));
    if (!token.isEmpty()) {
      headers.put("Authorization", token);
    }
    return service.send(method, path, headers, body.getBytes(StandardCharsets.UTF_8));
  }

  private Reply get(String path, String token) throws Exception {
    return send("GET", path, token, "");
  }

  private Reply post(String path, String body) throws Exception {
    return send("POST", path, service.superuserToken, body);
  }

  private void script(String name, String content) throws Exception {
    var body = "{\"name\":\"%s\",\"content\":\"%s\"}".formatted(name, content);
    assertThat(post("/api/scripts", body).status()).isEqualTo(201);
  }

  @Test
  void healthNamesADatabaseThatHangsWithinTwoSeconds() throws Exception {
    backend.storeHangs = true;
    var begun = System.nanoTime();
    var reply = get("/api/health", service.superuserToken);
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(2));
    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.body()).contains("\"down\":[\"database\"]");
    assertThat(reply.headers().get("Retry-After")).isNotNull();
    assertThat(get("/api/health/live", service.superuserToken).status()).isEqualTo(200);
  }

  @Test
  void aTokenThatWasSeenIsBelievedWhileTheDatabaseIsAwayAndAnotherIsNot() throws Exception {
    assertThat(get("/api/scripts", service.superuserToken).status()).isEqualTo(200);
    backend.storeIsAway = true;
    // Recognised: it is the script list that cannot be had, not the caller.
    assertThat(get("/api/scripts/async/x", service.superuserToken).status()).isEqualTo(404);
    assertThat(get("/api/scripts", service.userToken).status()).isEqualTo(503);
    var reply = get("/api/scripts", service.superuserToken);
    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.headers().get("Retry-After")).isEqualTo("2");
    assertThat(get("/api/scripts", "").status()).isEqualTo(401);
    var users = "/api/collections/users/";
    assertThat(get(users + "records", service.superuserToken).status()).isEqualTo(503);
    var entry = "{'email':'a@b','password':'long enough','passwordConfirm':'long enough'}";
    assertThat(post(users + "records", entry.replace('\'', '"')).status()).isEqualTo(503);
    assertThat(post(users + "impersonate/x", "").status()).isEqualTo(503);
    assertThat(post("/api/collections/_superusers/auth-refresh", "").status()).isEqualTo(503);
  }

  @Test
  void aBugIsAnsweredWithoutAWordAboutIt() throws Exception {
    backend.storeIsBroken = true;
    for (var path :
        new String[] {"/api/scripts", "/api/admin/scripts", "/api/collections/users/records"}) {
      var reply = get(path, service.superuserToken);
      assertThat(reply.status()).isEqualTo(500);
      assertThat(reply.body()).doesNotContain("sekret", "IllegalState");
    }
  }

  @Test
  void aFullQueueIsToldWithATimeToComeBack() throws Exception {
    script("a.sh", "true");
    backend.queueIsFull = true;
    for (var path :
        new String[] {
          "/api/scripts/a.sh/execute",
          "/api/scripts/async/a.sh/execute",
          "/api/admin/scripts/ash/run"
        }) {
      var reply = post(path, "");
      assertThat(reply.status()).as(reply.body()).isEqualTo(429);
      assertThat(reply.headers().get("Retry-After")).isEqualTo("3");
    }
  }

  @Test
  void whoseTurnDoesNotComeInTimeIsSentAway() throws Exception {
    script("a.sh", "true");
    backend.slotsAreTaken = true;
    var reply = post("/api/scripts/a.sh/execute", "");
    assertThat(reply.status()).isEqualTo(429);
    assertThat(reply.headers().get("Retry-After")).isEqualTo("7");
    assertThat(reply.body()).contains("turn did not come in time");
    assertThat(backend.runs.values()).allMatch(run -> run.status() == RunStatus.TIMED_OUT);
  }

  private RawConnection executing(String headers) throws Exception {
    script("slow.sh", "sleep 30");
    var connection = new RawConnection(service.port());
    connection.say(
        "POST /api/scripts/slow.sh/execute HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n"
            + "Authorization: "
            + service.superuserToken
            + "\r\n"
            + headers
            + "\r\n");
    await().until(() -> backend.runs.values().stream().anyMatch(run -> run.process != null));
    return connection;
  }

  @Test
  void whoHangsUpUnderHandlingCancelEndsTheRun() throws Exception {
    executing("Prefer: respond-async, handling=cancel\r\n").close();
    await()
        .until(() ->
            backend.runs.values().stream().allMatch(run -> run.status() == RunStatus.CANCELED));
  }

  @Test
  void whoJustHangsUpLeavesTheRunAlone() throws Exception {
    executing("").close();
    // Another caller's whole execution later it still runs.
    script("b.sh", "sleep 0.3");
    assertThat(post("/api/scripts/b.sh/execute", "").status()).isEqualTo(200);
    assertThat(backend.runs.values()).anyMatch(run -> run.status() == RunStatus.RUNNING);
    backend.runs.values().stream()
        .filter(run -> run.status() == RunStatus.RUNNING)
        .forEach(run -> service.cancelled(run.id));
  }

  @Test
  void outputOverTheLimitIsReplacedByALineThatSaysSo() throws Exception {
    script("flood.sh", "head -c 3000000 /dev/zero | tr '\\\\0' x; echo end");
    var reply = post("/api/scripts/flood.sh/execute", "");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body()).contains("bytes of output are left out here]");
    assertThat(reply.bytes().length()).isLessThan(3 * (3 << 20));
  }

  @Test
  void aCharacterThatTwoChunksShareArrivesWhole() throws Exception {
    script("half.sh", "printf '\\\\xe2\\\\x82'; echo err >&2; sleep 0.5; printf '\\\\xac\\\\xff'");
    var reply = post("/api/scripts/half.sh/execute", "");
    assertThat(HttpScenarios.at(reply.body(), "stdout").asText()).isEqualTo("€\uFFFD");
    assertThat(HttpScenarios.at(reply.body(), "output").asText()).isEqualTo("err\n€\uFFFD");
  }
}
