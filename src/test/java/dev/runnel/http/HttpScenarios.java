package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/**
 * Tests written as a table: name the route, say who calls with what, say what comes back. Rows run
 * in order against one service; {@code keep} gives a value of an answer a name for later rows, as
 * {@code {name}}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class HttpScenarios {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final List<Row> rows = new ArrayList<>();
  private final Map<String, String> kept = new HashMap<>();
  private @Nullable TestService service;

  /** Who sends a request. */
  public enum Who {
    GUEST,
    USER,
    OTHER,
    SUPERUSER,
    BASIC,
    WRONG_BASIC
  }

  /** The rows of a route follow. */
  protected final Scenario route(String method, String path) {
    return new Scenario(method, path);
  }

  @BeforeAll
  final void start() throws Exception {
    service = new TestService(Backend.fresh());
  }

  @AfterAll
  final void stop() {
    service().close();
  }

  @TestFactory
  final Stream<DynamicTest> rows() {
    assertThat(rows).isNotEmpty();
    return rows.stream().map(row -> DynamicTest.dynamicTest(row.name(), () -> check(row)));
  }

  final TestService service() {
    return Objects.requireNonNull(service);
  }

  /** One request and what is promised about its answer. */
  private static final class Row {
    final String method;
    final String path;
    final Who who;
    final Map<String, String> headers = new LinkedHashMap<>();
    final List<Consumer<Reply>> checks = new ArrayList<>();
    byte[] body = {};
    @Nullable String text;
    String type = "application/json";
    int status;

    Row(String method, String path, Who who) {
      this.method = method;
      this.path = path;
      this.who = who;
    }

    String name() {
      var text = new String(body, StandardCharsets.UTF_8);
      return who
          + " "
          + method
          + " "
          + path
          + " "
          + (text.length() > 60 ? text.substring(0, 60) + "…" : text)
          + " → "
          + status;
    }
  }

  /** The rows of one route. */
  protected final class Scenario {
    private final String method;
    private final String path;
    private Row row;

    private Scenario(String method, String path) {
      this.method = method;
      this.path = path;
      this.row = new Row(method, path, Who.GUEST);
    }

    public Scenario as(Who who) {
      row = new Row(method, path, who);
      rows.add(row);
      return this;
    }

    public Scenario body(String json) {
      row.text = json;
      return body(json.getBytes(StandardCharsets.UTF_8));
    }

    public Scenario body(byte[] bytes) {
      row.body = bytes;
      return this;
    }

    public Scenario type(String contentType) {
      row.type = contentType;
      return this;
    }

    public Scenario header(String name, String value) {
      row.headers.put(name, value);
      return this;
    }

    /** The status, and what the body must hold. */
    public Scenario expect(int status, String... contains) {
      row.status = status;
      row.checks.add(answer -> {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        for (var wanted : contains) {
          assertThat(answer.body()).contains(filled(wanted));
        }
      });
      return this;
    }

    /** The body, just so. */
    public Scenario is(String body) {
      row.checks.add(answer -> assertThat(answer.body()).isEqualTo(body));
      return this;
    }

    public Scenario excludes(String... unwanted) {
      row.checks.add(answer -> assertThat(answer.body()).doesNotContain(unwanted));
      return this;
    }

    /** A value of the JSON body, found by its pointer or top-level name. */
    public Scenario json(String pointer, @Nullable Object value) {
      row.checks.add(answer ->
          assertThat(at(answer.body(), pointer))
              .as(pointer + " of " + answer.body())
              .isEqualTo(expected(value)));
      return this;
    }

    /** The same, as JSON text. */
    public Scenario jsonText(String pointer, String json) {
      row.checks.add(answer -> assertThat(at(answer.body(), pointer).toString()).isEqualTo(json));
      return this;
    }

    public Scenario answers(String header, String value) {
      row.checks.add(
          answer -> assertThat(answer.headers().get(header)).as(header).isEqualTo(filled(value)));
      return this;
    }

    public Scenario answersNo(String... headers) {
      row.checks.add(answer -> assertThat(answer.headers().names()).doesNotContain(headers));
      return this;
    }

    public Scenario keepHeader(String name, String header) {
      row.checks.add(answer -> kept.put(name, answer.headers().get(header)));
      return this;
    }

    /** As a part of a query. */
    public Scenario keepEncoded(String name, String pointer) {
      row.checks.add(answer ->
          kept.put(
              name,
              URLEncoder.encode(at(answer.body(), pointer).asText(), StandardCharsets.UTF_8)));
      return this;
    }

    public Scenario keep(String name, String pointer) {
      row.checks.add(answer -> kept.put(name, at(answer.body(), pointer).asText()));
      return this;
    }
  }

  private void check(Row row) throws Exception {
    var answer = send(row);
    assertThat(answer.body()).doesNotContain("Exception", "\tat ", "dev.runnel");
    assertThat(answer.headers().get("X-Request-Id")).isNotBlank();
    for (var check : row.checks) {
      check.accept(answer);
    }
  }

  private Reply send(Row row) throws Exception {
    var headers = new LinkedHashMap<String, String>();
    headers.put("Content-Type", row.type);
    switch (row.who) {
      case GUEST -> {}
      case USER -> headers.put("Authorization", service().userToken);
      case OTHER -> headers.put("Authorization", "Bearer " + service().otherToken);
      case SUPERUSER -> headers.put("Authorization", service().superuserToken);
      case BASIC -> headers.put("Authorization", basic(TestService.BASIC_PASSWORD));
      case WRONG_BASIC -> headers.put("Authorization", basic("wrong"));
    }
    row.headers.forEach((name, value) -> headers.put(name, filled(value)));
    var body = row.text == null ? row.body : filled(row.text).getBytes(StandardCharsets.UTF_8);
    return service().send(row.method, filled(row.path), headers, body);
  }

  static String basic(String password) {
    var pair = TestService.BASIC_NAME + ":" + password;
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  private String filled(String text) {
    var filled = text;
    for (var value : kept.entrySet()) {
      filled = filled.replace("{" + value.getKey() + "}", value.getValue());
    }
    return filled;
  }

  private JsonNode expected(@Nullable Object value) {
    return MAPPER.valueToTree(value instanceof String text ? filled(text) : value);
  }

  static JsonNode at(String body, String pointer) {
    try {
      var json = MAPPER.readTree(body);
      return pointer.startsWith("/") ? json.at(pointer) : json.path(pointer);
    } catch (JsonProcessingException notJson) {
      throw new AssertionError("Not JSON: " + body, notJson);
    }
  }
}
