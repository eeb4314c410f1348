package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.http.SseReader.Frame;
import dev.runnel.run.Output;
import dev.runnel.run.ResultFormat;
import dev.runnel.run.ReturnValue;
import dev.runnel.run.RunEvent;
import dev.runnel.run.RunStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The event stream of a run: every follower gets every event once, in order, whenever it comes. */
class StreamTest {
  private final MemoryBackend backend = new MemoryBackend();
  private TestService service;

  @BeforeEach
  void start() throws Exception {
    var options = TestService.options(Duration.ofMillis(300), Duration.ofSeconds(1), 1 << 20);
    service = new TestService(backend, options);
  }

  @AfterEach
  void stop() {
    service.close();
  }

  /** A run whose events the test makes. */
  private MemoryRun run() throws Exception {
    backend.slotsAreTaken = true;
    var id = started("true");
    backend.slotsAreTaken = false;
    return backend.runs.get(UUID.fromString(id));
  }

  private String started(String script) throws Exception {
    var code = "s" + backend.runs.size();
    var headers =
        Map.of("Authorization", service.superuserToken, "Content-Type", "application/json");
    var body =
        "{\"name\":\"%s\",\"codeIdentifier\":\"%s\",\"type\":\"bash\",\"script\":\"%s\"}"
            .formatted(code, code, script);
    service.send("POST", "/api/admin/scripts", headers, body.getBytes(StandardCharsets.UTF_8));
    var reply = service.send("POST", "/api/admin/scripts/" + code + "/run", headers, new byte[0]);
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return HttpScenarios.at(reply.body(), "runId").asText();
  }

  private SseReader follow(String run, String query, String headers) throws Exception {
    return new SseReader(service, run, query, headers);
  }

  private List<Frame> all(String run, String query, String headers) throws Exception {
    try (var reader = follow(run, query, headers)) {
      assertThat(reader.head().status()).isEqualTo(200);
      return reader.rest();
    }
  }

  private static String printed(List<Frame> frames) {
    return frames.stream()
        .filter(frame -> frame.event().equals("log"))
        .map(Frame::line)
        .collect(Collectors.joining());
  }

  private static void print(MemoryRun run, String text) {
    run.printed(Output.STDOUT, text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void framesAreWrittenToTheLetter() throws Exception {
    var run = run();
    var at = Instant.parse("2030-01-01T00:00:00.123456Z");
    run.started();
    run.add(
        new RunEvent.Log(
            2, at, Output.STDOUT, "hi \"é\"\n\u0000".getBytes(StandardCharsets.UTF_8)));
    run.add(new RunEvent.Gap(5, at, 3, 99));
    run.add(new RunEvent.Result(6, at, new ReturnValue("{\"a\":1}", ResultFormat.JSON, null)));
    run.add(new RunEvent.Result(7, at, new ReturnValue("{}", ResultFormat.JSON, "too large")));
    run.add(new RunEvent.Status(8, at, RunStatus.RUNNING, null));
    run.ended(RunStatus.FAILED, 3, null);
    try (var reader = follow(run.id.toString(), "", "")) {
      assertThat(reader.head().headers().get("Content-Type"))
          .isEqualTo("text/event-stream; charset=utf-8");
      assertThat(reader.head().headers().get("Cache-Control")).isEqualTo("no-cache, no-transform");
      assertThat(reader.head().headers().get("X-Accel-Buffering")).isEqualTo("no");
      assertThat(reader.next()).isEqualTo(new Frame("", "", "", "retry: 3000"));
      var frames = reader.rest();
      assertThat(frames.get(0).data()).startsWith("{\"seq\":1,\"type\":\"status\",\"ts\":\"");
      assertThat(frames.get(0).data()).endsWith("Z\",\"status\":\"running\"}");
      assertThat(frames.get(1))
          .isEqualTo(
              new Frame(
                  "2",
                  "log",
                  "{\"seq\":2,\"type\":\"log\",\"ts\":\"2030-01-01T00:00:00.123Z\","
                      + "\"stream\":\"stdout\",\"line\":\"hi \\\"é\\\"\\n\\u0000\"}",
                  ""));
      assertThat(frames.get(2).data())
          .isEqualTo("{\"seq\":5,\"type\":\"gap\",\"from\":3,\"to\":5,\"bytes\":99}");
      assertThat(frames.get(3).data()).endsWith("\"value\":{\"a\":1},\"format\":\"json\"}");
      assertThat(frames.get(4).data()).endsWith("\"value\":{},\"format\":\"json\",\"error\":true}");
      assertThat(frames.get(6).data()).endsWith("\"status\":\"failed\",\"exitCode\":3}");
      assertThat(frames.get(7).event()).isEqualTo("done");
      assertThat(frames.get(7).data())
          .contains("\"status\":\"failed\",\"exitCode\":3,\"lastSeq\":")
          .contains("\"stdoutBytes\":9,\"stderrBytes\":0,\"stdoutSha256\":\"0a\"");
    }
  }

  @Test
  void followersFromTheStartTheMiddleAndAfterTheEndSeeEveryLineOnce() throws Exception {
    var id = started("for i in $(seq 5000); do echo line $i; done; sleep 0.2");
    var expected =
        IntStream.rangeClosed(1, 5000)
            .mapToObj(i -> "line " + i + "\n")
            .collect(Collectors.joining());
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<String> follower = () -> printed(all(id, "", ""));
      var followers = pool.invokeAll(List.of(follower, follower, follower, follower));
      for (var seen : followers) {
        assertThat(seen.get(20, TimeUnit.SECONDS)).isEqualTo(expected);
      }
    }
    assertThat(printed(all(id, "?since=0", ""))).isEqualTo(expected);
  }

  @Test
  void aFollowerMayComeBackAtEveryNumber() throws Exception {
    var run = run();
    run.started();
    for (int i = 0; i < 20; i++) {
      run.printed(
          i % 3 == 0 ? Output.STDERR : Output.STDOUT,
          ("l" + i + "\n").getBytes(StandardCharsets.UTF_8));
    }
    run.ended(RunStatus.SUCCEEDED, 0, null);
    var whole = all(run.id.toString(), "", "");
    var last = run.seq() - 1;
    for (long since = 0; since < last; since++) {
      var expected = whole.subList((int) since, whole.size());
      assertThat(all(run.id.toString(), "?since=" + since, "")).isEqualTo(expected);
      assertThat(all(run.id.toString(), "", "Last-Event-ID: " + since + "\r\n"))
          .isEqualTo(expected);
      assertThat(all(run.id.toString(), "?since=1", "Last-Event-ID: " + since + "\r\n"))
          .isEqualTo(whole.subList((int) Math.max(1, since), whole.size()));
    }
    for (long since : LongStream.of(last, last + 1, Long.MAX_VALUE / 10).toArray()) {
      try (var reader = follow(run.id.toString(), "", "Last-Event-ID: " + since + "\r\n")) {
        assertThat(reader.head().status()).isEqualTo(204);
      }
    }
    for (var nonsense : List.of("?since=", "?since=x", "?since=-5", "?since=1e3")) {
      assertThat(all(run.id.toString(), nonsense, "")).isEqualTo(whole);
    }
  }

  @Test
  void aCharacterThatTwoChunksShareArrivesWholeAlsoForWhoComesBackBetweenThem() throws Exception {
    var run = run();
    var id = run.id.toString();
    run.started();
    run.printed(Output.STDOUT, new byte[] {'a', (byte) 0xe2, (byte) 0x82});
    run.printed(Output.STDERR, new byte[] {'e'});
    try (var live = follow(id, "", "");
        var resumed = follow(id, "?since=3", "")) {
      assertThat(live.next()).isNotNull();
      assertThat(live.next().seq()).isEqualTo(1);
      assertThat(live.next().line()).isEqualTo("a");
      assertThat(live.next().line()).isEqualTo("e");
      assertThat(resumed.next()).isNotNull();
      run.printed(Output.STDOUT, new byte[] {(byte) 0xac, 'b', (byte) 0xf0, (byte) 0x9f});
      assertThat(resumed.next().line()).isEqualTo("€b");
      assertThat(live.next().line()).isEqualTo("€b");
      run.ended(RunStatus.SUCCEEDED, 0, null);
      var remains = live.next();
      assertThat(remains.id()).isEmpty();
      assertThat(remains.seq()).isEqualTo(4);
      assertThat(remains.line()).isEqualTo("\uFFFD");
      assertThat(live.rest()).extracting(Frame::event).containsExactly("status", "done");
    }
    assertThat(printed(all(id, "", ""))).isEqualTo("ae€b\uFFFD");
    assertThat(all(id, "", "")).extracting(Frame::id).containsExactly("1", "2", "3", "4", "5", "6");
  }

  @Test
  void aQuietRunIsPingedAndASilentEndIsSeen() throws Exception {
    var run = run();
    run.started();
    try (var reader = follow(run.id.toString(), "?since=1", "")) {
      assertThat(reader.next().comment()).isEqualTo("retry: 3000");
      assertThat(reader.next().comment()).isEqualTo(": ping");
      assertThat(reader.next().comment()).isEqualTo(": ping");
      run.ended(RunStatus.CANCELED, null, null);
      assertThat(reader.rest()).extracting(Frame::event).containsExactly("status", "done");
    }
  }

  @Test
  void anUnknownRunIsAPlainNotFound() throws Exception {
    for (var id : List.of("nothing", "00000000-0000-7000-8000-000000000000")) {
      try (var reader = follow(id, "", "")) {
        assertThat(reader.head().status()).isEqualTo(404);
        assertThat(reader.head().headers().get("Content-Type")).isEqualTo("application/json");
      }
    }
  }

  @Test
  void aReaderThatTakesNothingIsClosedAndASlowOneIsNot() throws Exception {
    var run = run();
    run.started();
    var text = "x".repeat(65_000) + "\n";
    for (int i = 0; i < 400; i++) {
      print(run, text);
    }
    try (var stalled = follow(run.id.toString(), "", "");
        var slow = follow(run.id.toString(), "", "")) {
      var seen = new long[1];
      await()
          .pollInterval(Duration.ofMillis(100))
          .during(Duration.ofSeconds(3))
          .until(() -> slow.next() != null && ++seen[0] > 0);
      run.ended(RunStatus.SUCCEEDED, 0, null);
      assertThat(printed(slow.rest()).length()).isGreaterThan(300 * 65_000);
      await().until(() -> isCutOff(stalled));
    }
  }

  private static boolean isCutOff(SseReader reader) {
    try {
      reader.rest();
      return false;
    } catch (IOException cut) {
      return true;
    }
  }

  @Test
  void aFollowerSeesTheEndWhileTheServiceStops() throws Exception {
    var run = run();
    run.started();
    try (var reader = follow(run.id.toString(), "", "")) {
      assertThat(reader.next()).isNotNull();
      assertThat(reader.next().seq()).isEqualTo(1);
      var stopped = service.vertx.undeploy(service.deployment);
      run.ended(RunStatus.FAILED, 143, "Interrupted by server restart");
      assertThat(reader.rest()).extracting(Frame::event).containsExactly("status", "done");
      TestService.await(stopped);
    }
  }
}
