package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** {@code …/execute/ws} as its clients see it, on the real engine. */
@TestInstance(Lifecycle.PER_CLASS)
class ConversationTest {
  private TestService service;

  @BeforeAll
  void start() throws Exception {
    service =
        new TestService(
            Backend.fresh(),
            TestService.options(Duration.ofMillis(200), Duration.ofSeconds(1), 8 << 20));
    script("args.py", "import sys\\nprint(*sys.argv[1:], sep='|')");
    script("call.py", "def go(a):\\n  return 'got ' + a");
    script("fail.sh", "echo out; exit 3");
    script(
        "long.sh", "for ((i = 0; i < 40000; i++)); do echo \\\"$i äöü line of text ${1}\\\"; done");
    script("slow.sh", "sleep 30");
    script("node.js", "console.log(1)");
  }

  @AfterAll
  void stop() {
    service.close();
  }

  private void script(String name, String content) throws Exception {
    var body = "{\"name\":\"" + name + "\",\"content\":\"" + content + "\"}";
    var answer =
        service.send("POST", "/api/scripts", json(), body.getBytes(StandardCharsets.UTF_8));
    assertThat(answer.status()).isEqualTo(201);
  }

  private Map<String, String> json() {
    return Map.of("Authorization", service.superuserToken, "Content-Type", "application/json");
  }

  private Talk talk(String script, String query, String... subprotocols) throws Exception {
    return new Talk(
        service,
        "/api/scripts/" + script + "/execute/ws?token=" + service.superuserToken + query,
        Map.of(),
        subprotocols);
  }

  private static String output(String message) {
    return HttpScenarios.at(message, "output").asText();
  }

  @Test
  void aQueryWithArgumentsRunsAtOnce() throws Exception {
    try (var talk = talk("args.py", "&arguments=a%20b&arguments=2,3&args=no")) {
      assertThat(output(talk.hear())).isEqualTo("a b|2,3\n");
      assertThat(talk.closed()).isEqualTo(1000);
    }
    try (var talk = talk("call.py", "&args=x&functionName=go")) {
      assertThat(output(talk.hear())).isEqualTo("got x");
      assertThat(talk.closed()).isEqualTo(1000);
      assertThat(talk.unheard()).isEmpty();
    }
  }

  @Test
  void elseTheFirstMessageSaysWhatToRunAndTheOthersNothing() throws Exception {
    try (var talk = talk("args.py", "")) {
      talk.say("{\"arguments\":[\"x\",1]}").say("{\"arguments\":[\"y\"]}").say("{");
      assertThat(output(talk.hear())).isEqualTo("x|1\n");
      assertThat(talk.closed()).isEqualTo(1000);
      assertThat(talk.unheard()).isEmpty();
    }
    try (var talk = talk("args.py", "&arguments=&function_name=%20")) {
      assertThat(output(talk.hear())).isEqualTo("\n");
    }
    try (var talk = talk("args", "")) {
      talk.socket()
          .sendBinary(ByteBuffer.wrap("{\"ar".getBytes(StandardCharsets.UTF_8)), false)
          .join();
      talk.socket()
          .sendBinary(ByteBuffer.wrap("gs\":[\"z\"]}".getBytes(StandardCharsets.UTF_8)), true)
          .join();
      assertThat(output(talk.hear())).isEqualTo("z\n");
    }
    try (var talk = talk("args.py", "")) {
      talk.say("{}");
      assertThat(output(talk.hear())).isEqualTo("\n");
    }
  }

  @Test
  void aMessageThatIsNoneIsRefused() throws Exception {
    for (var bad : new String[] {"", "{", "[]", "{\"arguments\":[[1]]}", "{\"arguments\":\"a\"}"}) {
      try (var talk = talk("args.py", "")) {
        talk.say(bad);
        assertThat(talk.hear())
            .isEqualTo("{\"data\":{},\"message\":\"Invalid websocket payload.\",\"status\":400}");
        assertThat(talk.closed()).isEqualTo(1007);
      }
    }
  }

  @Test
  void aFailedRunSaysWhyAndCloses() throws Exception {
    try (var talk = talk("fail.sh", "&arguments=1")) {
      var message = talk.hear();
      assertThat(HttpScenarios.at(message, "message").asText())
          .isEqualTo("Script execution failed.");
      assertThat(HttpScenarios.at(message, "status").asInt()).isEqualTo(500);
      assertThat(HttpScenarios.at(message, "/data/output").asText()).isEqualTo("out\n");
      assertThat(HttpScenarios.at(message, "/data/exitCode").asInt()).isEqualTo(3);
      assertThat(talk.closed()).isEqualTo(1011);
    }
    try (var talk = talk("node.js", "&function_name=main")) {
      assertThat(HttpScenarios.at(talk.hear(), "status").asInt()).isEqualTo(400);
      assertThat(talk.closed()).isEqualTo(1011);
    }
  }

  @Test
  void theFirstSubprotocolIsTaken() throws Exception {
    try (var talk = talk("args.py", "&args=1", "chat.v1", "chat.v2")) {
      assertThat(talk.socket().getSubprotocol()).isEqualTo("chat.v1");
    }
    try (var talk = talk("args.py", "&args=1")) {
      assertThat(talk.socket().getSubprotocol()).isEmpty();
    }
  }

  @Test
  void whatIsWrongBeforeTheUpgradeIsAPlainAnswer() throws Exception {
    assertThat(refused("/api/scripts/args.py/execute/ws", Map.of())).isEqualTo(401);
    assertThat(
            refused("/api/scripts/args.py/execute/ws", Map.of("Authorization", service.userToken)))
        .isEqualTo(403);
    assertThat(
            refused(
                "/api/scripts/none/execute/ws", Map.of("Authorization", service.superuserToken)))
        .isEqualTo(404);
    assertThat(
            refused(
                "/api/scripts/a%20b/execute/ws", Map.of("Authorization", service.superuserToken)))
        .isEqualTo(400);
    var cookie =
        "pb_auth="
            + URLEncoder.encode(
                "{\"token\":\"" + service.superuserToken + "\"}", StandardCharsets.UTF_8);
    assertThat(
            refused(
                "/api/scripts/args.py/execute/ws",
                Map.of("Cookie", cookie, "Origin", "http://evil.example")))
        .isEqualTo(403);
    var plain = service.send("GET", "/api/scripts/args.py/execute/ws", json(), new byte[0]);
    assertThat(plain.status()).isEqualTo(426);
    assertThat(plain.headers().get("Upgrade")).isEqualTo("websocket");
    try (var talk =
        new Talk(
            service,
            "/api/scripts/args.py/execute/ws?args=1",
            Map.of("Cookie", cookie, "Origin", "http://127.0.0.1:" + service.port()))) {
      assertThat(output(talk.hear())).isEqualTo("1\n");
    }
  }

  private int refused(String path, Map<String, String> headers) {
    var refused =
        catchThrowableOfType(Talk.Refused.class, () -> new Talk(service, path, headers).close());
    return refused == null ? 101 : refused.status;
  }

  @Test
  void aMessageThatIsTooLongEndsIt() throws Exception {
    // The limit of this service's BosBase bodies is 4 MiB.
    try (var talk = talk("args.py", "")) {
      var part = " ".repeat(1 << 20);
      for (int i = 0; i < 6 && !talk.socket().isOutputClosed(); i++) {
        talk.socket().sendText(part, false).exceptionally(_ -> talk.socket()).join();
      }
      assertThat(talk.closed()).isEqualTo(1009);
    }
  }

  @Test
  void aLongResultIsOneWholeMessage() throws Exception {
    try (var talk = talk("long.sh", "&arguments=%E2%82%AC")) {
      var output = output(talk.hear());
      assertThat(output)
          .startsWith("0 äöü line of text €\n")
          .endsWith("39999 äöü line of text €\n");
      assertThat(output.lines()).hasSize(40000);
      assertThat(talk.closed()).isEqualTo(1000);
    }
  }

  @Test
  void aClientThatLeavesCancelsOnlyIfItSaidSo() throws Exception {
    try (var talk =
        new Talk(
            service,
            "/api/scripts/slow.sh/execute/ws?args=1",
            Map.of("Authorization", service.superuserToken, "Prefer", "handling=cancel"))) {
      await().until(() -> !runs("running").isEmpty());
      talk.socket().sendClose(1000, "").join();
    }
    await().until(() -> runs("running").isEmpty());
    assertThat(runs("canceled")).contains("slow.sh");
  }

  private String runs(String status) throws Exception {
    var answer =
        service.send("GET", "/api/admin/scripts/runs?status=" + status, json(), new byte[0]);
    assertThat(answer.status()).isEqualTo(200);
    return HttpScenarios.at(answer.body(), "items").isEmpty() ? "" : answer.body();
  }

  @Test
  void aClientThatSaysNothingMoreThanGoodbyeIsLetGo() throws Exception {
    try (var talk = talk("args.py", "")) {
      talk.socket().sendClose(1000, "").join();
      assertThat(talk.closed()).isEqualTo(1000);
    }
  }
}
