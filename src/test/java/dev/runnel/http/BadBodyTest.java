package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.account.Role;
import io.vertx.core.http.HttpMethod;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * Bodies that nobody should send: every route that takes one says no, politely; a start of the
 * admin door takes no notice of what is no JSON object.
 */
@TestInstance(Lifecycle.PER_CLASS)
class BadBodyTest {
  private static final Map<String, byte[]> BODIES = new LinkedHashMap<>();

  static {
    body("a brace", "{");
    body("an array", "[]");
    body("a string", "\"x\"");
    body("null", "null");
    body("a number", "1");
    body("blanks", "  \n ");
    body("two values", "{}{}");
    body("something after the end", "{} x");
    body("a key twice", "{\"name\":\"a\",\"name\":\"b\"}");
    body("single quotes", "{'name':'a'}");
    body("a comment", "{/* */}");
    body("NaN", "{\"timeoutMs\":NaN}");
    body("a trailing comma", "{\"name\":\"a\",}");
    body("a raw line break", "{\"name\":\"a\nb\"}");
    body("a bad escape", "{\"name\":\"\\x\"}");
    body("half an escape", "{\"name\":\"\\u12");
    body("depth", "{\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}");
    body("a long number", "{\"timeoutMs\":" + "9".repeat(100_000) + "}");
    body("a byte order mark", "\uFEFF{}");
    BODIES.put("UTF-16", "{\"name\":\"a\"}".getBytes(StandardCharsets.UTF_16));
    BODIES.put("UTF-32", "{}".getBytes(Charset.forName("UTF-32")));
    BODIES.put("not UTF-8", new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'});
    BODIES.put("an overlong slash", new byte[] {'{', '"', (byte) 0xc0, (byte) 0xaf, '"', '}'});
    BODIES.put("a zero byte", new byte[] {0});
    var noise = new byte[4096];
    new Random(7).nextBytes(noise);
    BODIES.put("noise", noise);
  }

  private TestService service;

  private static void body(String name, String text) {
    BODIES.put(name, text.getBytes(StandardCharsets.UTF_8));
  }

  @BeforeAll
  void start() throws Exception {
    service = new TestService(Backend.fresh());
    for (var body :
        List.of(
            "{\"name\":\"x\",\"codeIdentifier\":\"x\",\"type\":\"bash\",\"script\":\"true\","
                + "\"concurrency\":\"parallel\"}")) {
      var created = send("POST", "/api/admin/scripts", body.getBytes(StandardCharsets.UTF_8));
      assertThat(created.status()).isEqualTo(201);
    }
  }

  @AfterAll
  void stop() {
    service.close();
  }

  @TestFactory
  Stream<DynamicTest> badBodies() {
    var tests = new ArrayList<DynamicTest>();
    for (var route : routesWithBodies()) {
      var ignores = route.path().endsWith("/:id/run");
      BODIES.forEach((name, body) -> tests.add(test(route, name, body, ignores ? 200 : 400)));
      for (var value : List.of("1", "[]", "{}", "[null]", "[{}]", "true", "\"\\ud800\"")) {
        // One second is a duration.
        if (!(value.equals("1") && route.path().contains("/impersonate/"))) {
          tests.add(test(route, "wrong types: " + value, everyField(value), 400));
        }
      }
    }
    return tests.stream();
  }

  private Stream<Route> routes() {
    return service.dialects.stream().flatMap(dialect -> dialect.routes().all().stream());
  }

  private List<Route> routesWithBodies() {
    var routes =
        routes()
            .filter(route -> !route.path().matches(".*/(cancel|rerun|auth-refresh)"))
            .filter(route ->
                List.of(HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH).contains(route.method()))
            .toList();
    assertThat(routes).anyMatch(route -> route.role() == Role.GUEST);
    return routes;
  }

  private DynamicTest test(Route route, String name, byte[] body, int status) {
    return DynamicTest.dynamicTest(
        route.line() + ": " + name,
        () -> {
          var path = route.path().replace(":collection", "users").replaceAll(":[a-zA-Z]+", "x");
          var reply = send(route.method().name(), path, body);
          assertThat(reply.status()).as(reply.body()).isEqualTo(status);
          assertThat(reply.body())
              .startsWith("{")
              .doesNotContain("Exception", "jackson", "dev.runnel");
        });
  }

  private static byte[] everyField(String value) {
    var fields =
        Stream.of(
                "name",
                "content",
                "description",
                "identity",
                "password",
                "arguments",
                "function_name",
                "codeIdentifier",
                "type",
                "runner",
                "script",
                "scriptFormat",
                "defaultWorkingDirectory",
                "env",
                "timeoutMs",
                "enabled",
                "concurrency",
                "limits",
                "schedule",
                "apiTrigger",
                "version",
                "args",
                "wait",
                "duration")
            .map(name -> "\"" + name + "\":" + value)
            .toList();
    return ("{" + String.join(",", fields) + "}").getBytes(StandardCharsets.UTF_8);
  }

  private Reply send(String method, String path, byte[] body) throws Exception {
    var headers =
        Map.of("Authorization", service.superuserToken, "Content-Type", "application/json");
    return service.send(method, path, headers, body);
  }
}
