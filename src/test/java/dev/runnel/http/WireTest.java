package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What happens on a connection, byte by byte. */
@TestInstance(Lifecycle.PER_CLASS)
class WireTest {
  private TestService service;

  @BeforeAll
  void start() throws Exception {
    service = new TestService(Backend.fresh());
  }

  @AfterAll
  void stop() {
    service.close();
  }

  @Test
  void aConnectionServesRequestAfterRequestWhoseBodiesNobodyReads() throws Exception {
    try (var connection = new RawConnection(service.port())) {
      for (int i = 0; i < 3000; i++) {
        connection.say("GET /api/scripts HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n");
        if (i % 3 == 0) {
          connection.say("{}");
          assertThat(connection.reply().status()).as("request " + i).isEqualTo(401);
        } else {
          assertThat(connection.reply().status()).as("request " + i).isEqualTo(401);
          connection.say("{}");
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GET /api/scripts?x=LONG HTTP/1.1            | 414 | The first line of the request is too long.
          GET /api/scripts HTTP/1.1\\r\\nA: LONG        | 431 | The headers of the request are too long.
          GET /api/admin/scripts HTTP/1.1\\r\\nA: LONG  | 431 | Bad request: the headers of the request are too long
          GET /api/scripts HTTP/1.1\\r\\nA A: no        | 400 | This is no HTTP request.
          no request                                  | 400 | This is no HTTP request.
          """)
  void whatIsNoRequestIsRefusedInTheShapeOfErrors(String head, int status, String message)
      throws Exception {
    try (var connection = new RawConnection(service.port())) {
      var sent = head.translateEscapes().replace("LONG", "x".repeat(40_000));
      connection.say(sent + "\r\nHost: x\r\n\r\n");
      var reply = connection.reply();
      assertThat(reply.status()).isEqualTo(status);
      assertThat(reply.body())
          .isEqualTo(
              head.contains("admin")
                  ? "{\"error\":\"%s\"}".formatted(message)
                  : "{\"data\":{},\"message\":\"%s\",\"status\":%d}".formatted(message, status));
      assertThat(connection.isClosedByService()).isTrue();
    }
  }

  private static String post(String path, String headers) {
    return "POST " + path + " HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n";
  }

  private String login(String headers) {
    return post("/api/collections/users/auth-with-password", headers);
  }

  private String definitions(String headers) {
    return post("/api/admin/scripts", basic() + "Content-Type: application/json\r\n" + headers);
  }

  private static String basic() {
    return "Authorization: " + HttpScenarios.basic(TestService.BASIC_PASSWORD) + "\r\n";
  }

  @Test
  void aBodyThatSaysItIsTooLongIsRefusedBeforeItComes() throws Exception {
    try (var connection = new RawConnection(service.port())) {
      connection.say(login("Content-Length: 4194305\r\n"));
      var reply = connection.reply();
      assertThat(reply.status()).isEqualTo(413);
      assertThat(reply.body())
          .isEqualTo("{\"data\":{},\"message\":\"Request entity too large.\",\"status\":413}");
    }
    try (var connection = new RawConnection(service.port())) {
      connection.say(definitions("Content-Length: 99999999999999999999\r\n"));
      assertThat(connection.reply().status()).isBetween(400, 413);
    }
  }

  @Test
  void aChunkedBodyThatGrowsTooLongIsRefusedInTheDoorsShape() throws Exception {
    try (var connection = new RawConnection(service.port())) {
      connection.say(definitions("Transfer-Encoding: chunked\r\n"));
      var chunk = "10000\r\n" + " ".repeat(0x10000) + "\r\n";
      for (int i = 0; i < 33; i++) {
        connection.say(chunk);
      }
      var reply = connection.reply();
      assertThat(reply.status()).isEqualTo(413);
      assertThat(reply.body()).isEqualTo("{\"error\":\"request entity too large\"}");
      connection.say("0\r\n\r\n");
      connection.say("GET /api/health/live HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(connection.reply().status()).as("the connection goes on").isEqualTo(200);
    }
  }

  @Test
  void aBodyOfExactlyTheLimitIsRead() throws Exception {
    var body = "{}" + " ".repeat((2 << 20) - 2);
    try (var connection = new RawConnection(service.port())) {
      connection.say(definitions("Content-Length: " + body.length() + "\r\n")).say(body);
      assertThat(connection.reply().body()).contains("name is required");
    }
  }

  @Test
  void aClientThatAsksWhetherToGoOnIsTold() throws Exception {
    try (var connection = new RawConnection(service.port())) {
      connection.say(login("Content-Length: 2\r\nExpect: 100-continue\r\n"));
      assertThat(connection.line()).isEqualTo("HTTP/1.1 100 Continue");
      connection.line();
      connection.say("{}");
      assertThat(connection.reply().status()).isEqualTo(400);
    }
  }

  @Test
  void aBodyThatStopsComingIsGivenUp() throws Exception {
    var options = TestService.options(Duration.ofSeconds(15), Duration.ofMillis(300), 1 << 20);
    try (var impatient = new TestService(Backend.fresh(), options);
        var connection = new RawConnection(impatient.port())) {
      connection.say(login("Content-Length: 10\r\n")).say("{");
      assertThat(connection.reply().status()).isEqualTo(408);
      assertThat(connection.isClosedByService()).isTrue();
    }
  }

  @Test
  void aUrlMayHoldUtf8ThatIsNotEscaped() throws Exception {
    var draft = "{\"name\":\"dé.py\",\"content\":\"1\"}".getBytes(StandardCharsets.UTF_8);
    try (var connection = new RawConnection(service.port())) {
      var asSuperuser = "Authorization: " + service.superuserToken + "\r\n";
      connection
          .say(
              post(
                  "/api/scripts",
                  asSuperuser
                      + "Content-Type: application/json\r\nContent-Length: "
                      + draft.length
                      + "\r\n"))
          .say(draft);
      assertThat(connection.reply().status()).isEqualTo(201);
      var view = "GET /api/scripts/dé.py?x=é HTTP/1.1\r\nHost: x\r\n" + asSuperuser + "\r\n";
      connection.say(view.getBytes(StandardCharsets.UTF_8));
      assertThat(connection.reply().body()).contains("\"name\":\"dé.py\"");
      connection.say(view);
      assertThat(connection.reply().status()).as("Latin-1").isEqualTo(400);
    }
  }

  @Test
  void requestsInOnePieceAreAnsweredInOrder() throws Exception {
    try (var connection = new RawConnection(service.port())) {
      connection.say(
          login("Content-Length: 2\r\n")
              + "{}GET /api/health/live HTTP/1.1\r\nHost: x\r\n\r\n"
              + "GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(connection.reply().status()).isEqualTo(400);
      assertThat(connection.reply().status()).isEqualTo(200);
      assertThat(connection.reply().status()).isEqualTo(404);
    }
  }

  @Test
  void aRequestIdThatWouldSpoilALogIsReplaced() throws Exception {
    try (var connection = new RawConnection(service.port())) {
      connection.say("GET /api/health/live HTTP/1.1\r\nHost: x\r\nX-Request-Id: a b\r\n\r\n");
      assertThat(connection.reply().headers().get("X-Request-Id")).matches("[0-9a-f-]{36}");
    }
  }

  @Test
  void whatIsNotHttpIsRefusedAndNotAnsweredWithAStackTrace() throws Exception {
    for (var garbage :
        new String[] {
          "GARBAGE\r\n\r\n",
          "GET / HTTP/1.1\r\nno colon\r\n\r\n",
          "GET /" + "x".repeat(20_000) + " HTTP/1.1\r\n\r\n",
          "GET / HTTP/1.1\r\nX: " + "x".repeat(40_000) + "\r\n\r\n",
          "GET * HTTP/1.1\r\nHost: x\r\n\r\n",
          "GET http://[ HTTP/1.1\r\nHost: x\r\n\r\n"
        }) {
      try (var connection = new RawConnection(service.port())) {
        connection.say(garbage);
        assertThat(connection.line()).as(garbage.substring(0, 11)).matches("HTTP/1.. 4\\d\\d .*");
      }
    }
  }

  @Test
  void headOfAStreamAndOfAListHaveNoBody() throws Exception {
    try (var connection = new RawConnection(service.port())) {
      connection.say("HEAD /api/admin/scripts HTTP/1.1\r\nHost: x\r\n" + basic() + "\r\n");
      assertThat(connection.line()).isEqualTo("HTTP/1.1 200 OK");
      while (!connection.line().isEmpty()) {}
      connection.say("GET /api/health/live HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(connection.line()).isEqualTo("HTTP/1.1 200 OK");
    }
  }

  @Test
  void whileTheServiceStopsOnlyItsLifeIsReported() throws Exception {
    try (var stopping = new TestService(Backend.fresh());
        var connection = new RawConnection(stopping.port())) {
      stopping.intake.close();
      connection.say("GET /api/scripts HTTP/1.1\r\nHost: x\r\n\r\n");
      var reply = connection.reply();
      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.headers().get("Retry-After")).isEqualTo("5");
      connection.say("GET /api/health/live HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(connection.reply().status()).isEqualTo(200);
    }
  }
}
