package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.run.RunStatus;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code …/execute/sse} to the letter: one event and the end, or an error. */
class ResultEventsTest {
  @TempDir Path directory;

  private MemoryBackend backend;
  private TestService service;

  @BeforeEach
  void start() throws Exception {
    begin(Duration.ofSeconds(15));
  }

  private void begin(Duration ping) throws Exception {
    backend = new MemoryBackend();
    service = new TestService(backend, TestService.options(ping, Duration.ofSeconds(60), 1 << 20));
    script("args.py", "import sys\\nprint(*sys.argv[1:], sep='|')");
    script("call.py", "def go(a):\\n  return 'got ' + a");
    script("fail.sh", "echo out; exit 3");
    script("slow.sh", "sleep 30");
    // Ends when the file is there, as the file says.
    script("wait.sh", "while [ ! -s $1 ]; do sleep 0.02; done; . $1");
  }

  @AfterEach
  void stop() {
    backend.runs.values().stream()
        .filter(run -> !run.status().isTerminal())
        .forEach(run -> service.cancelled(run.id));
    service.close();
  }

  private void restart(Duration ping) throws Exception {
    stop();
    begin(ping);
  }

  private void script(String name, String content) throws Exception {
    var body = "{\"name\":\"" + name + "\",\"content\":\"" + content + "\"}";
    assertThat(send("POST", "/api/scripts", Map.of(), body).status()).isEqualTo(201);
  }

  private Reply send(String method, String path, Map<String, String> more, String body)
      throws Exception {
    var headers = new HashMap<>(Map.of("Content-Type", "application/json"));
    headers.put("Authorization", service.superuserToken);
    headers.putAll(more);
    return service.send(method, path, headers, body.getBytes(StandardCharsets.UTF_8));
  }

  private Reply stream(String pathAndQuery) throws Exception {
    return stream(pathAndQuery, Map.of());
  }

  private Reply stream(String script, Map<String, String> headers) throws Exception {
    var question = script.indexOf('?');
    var name = question < 0 ? script : script.substring(0, question);
    var query = question < 0 ? "" : script.substring(question);
    return send("GET", "/api/scripts/" + name + "/execute/sse" + query, headers, "");
  }

  private static String output(Reply answer) {
    var data = answer.body().substring(answer.body().indexOf("data:") + 5).strip();
    return HttpScenarios.at(data, "output").asText();
  }

  @Test
  void oneEventAndTheEnd() throws Exception {
    var answer = stream("args.py?arguments=a%20b&arguments=2&args=no&function_name=");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.headers().get("Content-Type")).isEqualTo("text/event-stream");
    assertThat(answer.headers().get("Cache-Control")).isEqualTo("no-store");
    assertThat(answer.headers().get("X-Accel-Buffering")).isEqualTo("no");
    var id = answer.headers().get("X-Run-Id");
    assertThat(answer.body())
        .matches("id:" + id + "\ndata:\\{\"output\":\"a b\\|2\\\\n\",[^\n]*\\}\n\n");
    assertThat(output(stream("args.py?args=1&args=2,3"))).isEqualTo("1|2,3\n");
    assertThat(output(stream("call.py?args=x&functionName=go"))).isEqualTo("got x");
    assertThat(output(stream("args"))).isEqualTo("\n");
  }

  @Test
  void withoutChunksTheConnectionEndsWithTheEvent() throws Exception {
    for (var connected : new String[] {"keep-alive", "close"}) {
      try (var connection = new RawConnection(service.port())) {
        connection.say(
            "GET /api/scripts/args.py/execute/sse?arguments=1 HTTP/1.0\r\nConnection: "
                + connected
                + "\r\nAuthorization: "
                + service.superuserToken
                + "\r\n\r\n");
        var head = connection.head();
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.headers().contains("Transfer-Encoding")).isFalse();
        var body = new String(connection.bytes(10_000), StandardCharsets.UTF_8);
        assertThat(body).matches("id:[^\n]+\ndata:\\{\"output\":\"1\\\\n\",[^\n]*\\}\n\n");
      }
    }
  }

  @Test
  void whatFailsBeforeAnythingWasSentIsAnOrdinaryError() throws Exception {
    var failed = stream("fail.sh");
    assertThat(failed.status()).isEqualTo(500);
    assertThat(failed.headers().get("Content-Type")).isEqualTo("application/json");
    assertThat(failed.headers().get("X-Run-Id")).isNotBlank();
    assertThat(failed.body())
        .contains("\"message\":\"Script execution failed.\"", "\"exitCode\":3");
    assertThat(stream("none").status()).isEqualTo(404);
    assertThat(stream("a%20b").status()).isEqualTo(400);
    assertThat(stream("args.py?args=%00").status()).isEqualTo(400);
    assertThat(stream("args.py?args=%ff").status()).isEqualTo(400);
    assertThat(stream("fail.sh?function_name=main").status()).isEqualTo(400);

    backend.queueIsFull = true;
    var full = stream("args.py");
    assertThat(full.status()).isEqualTo(429);
    assertThat(full.headers().get("Retry-After")).isEqualTo("3");
    backend.queueIsFull = false;
    backend.slotsAreTaken = true;
    assertThat(stream("args.py").status()).isEqualTo(429);
  }

  @Test
  void whoComesBackByItselfGetsNoOtherRun() throws Exception {
    var answer = stream("args.py", Map.of("Last-Event-ID", "1"));
    assertThat(answer.status()).isEqualTo(204);
    assertThat(answer.body()).isEmpty();
    assertThat(backend.runs).isEmpty();
  }

  @Test
  void lookingRunsNothing() throws Exception {
    var answer = send("HEAD", "/api/scripts/args.py/execute/sse", Map.of(), "");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.headers().get("Content-Type")).isEqualTo("text/event-stream");
    assertThat(send("HEAD", "/api/scripts/none/execute/sse", Map.of(), "").status()).isEqualTo(404);
    assertThat(backend.runs).isEmpty();
  }

  @Test
  void anotherSiteCannotMakeABrowserRunIt() throws Exception {
    var cookie =
        "pb_auth="
            + URLEncoder.encode(
                "{\"token\":\"" + service.superuserToken + "\"}", StandardCharsets.UTF_8);
    var path = "/api/scripts/args.py/execute/sse";
    assertThat(
            service
                .send(
                    "GET",
                    path,
                    Map.of("Cookie", cookie, "Sec-Fetch-Site", "cross-site"),
                    new byte[0])
                .status())
        .isEqualTo(403);
    assertThat(backend.runs).isEmpty();
    assertThat(service.send("GET", path, Map.of("Cookie", cookie), new byte[0]).status())
        .isEqualTo(200);
  }

  private RawConnection open(String script, String headers) throws Exception {
    return new RawConnection(service.port())
        .say(
            "GET /api/scripts/"
                + script
                + " HTTP/1.1\r\nHost: x\r\nAuthorization: "
                + service.superuserToken
                + "\r\n"
                + headers
                + "\r\n");
  }

  private static String chunk(RawConnection connection) throws Exception {
    return new String(connection.chunk(), StandardCharsets.UTF_8);
  }

  @Test
  void aLongRunIsPingedUntilItsEvent() throws Exception {
    restart(Duration.ofMillis(100));
    for (var end : new String[] {"echo done", "exit 4"}) {
      var file = directory.resolve(end.replace(' ', '-'));
      try (var connection = open("wait.sh/execute/sse?args=" + file, "")) {
        var head = connection.head();
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.headers().get("X-Run-Id")).isNotBlank();
        assertThat(chunk(connection)).isEqualTo(": ping\n\n");
        assertThat(chunk(connection)).isEqualTo(": ping\n\n");
        Files.writeString(file, end);
        var event = chunk(connection);
        while (event.equals(": ping\n\n")) {
          event = chunk(connection);
        }
        if (end.equals("echo done")) {
          assertThat(event).startsWith("id:").contains("\ndata:{\"output\":\"done\\n\"");
        } else {
          assertThat(event)
              .startsWith("event:error\nid:")
              .contains("\"message\":\"Script execution failed.\",\"status\":500}\n\n");
        }
        assertThat(chunk(connection)).isEmpty();
      }
    }
  }

  @Test
  void aTurnThatDoesNotComeInTimeIsAnErrorEventIfTheHeadIsOut() throws Exception {
    restart(Duration.ofMillis(100));
    backend.slotsAreTaken = true;
    var answer = stream("args.py");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).startsWith(": ping\n\n").contains("event:error\n", "\"status\":429}");
  }

  @Test
  void whoHangsUpCancelsOnlyIfItSaidSo() throws Exception {
    var stays = open("slow.sh/execute/sse?args=1", "");
    var cancels = open("slow.sh/execute/sse?args=2", "Prefer: handling=cancel\r\n");
    await().until(() -> backend.runs.values().stream().filter(r -> r.process != null).count() == 2);
    stays.close();
    cancels.close();
    await().until(() -> backend.runWith("2").status().isTerminal());
    assertThat(backend.runWith("2").status()).isEqualTo(RunStatus.CANCELED);
    assertThat(backend.runWith("1").status()).isEqualTo(RunStatus.RUNNING);
  }
}
