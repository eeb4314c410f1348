package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialects;
import dev.runnel.http.bosbase.OpenApi;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Holds answers of the BosBase door against its OpenAPI document: the status is declared, so is the
 * content type, the headers that must be there are there, and the body has the declared fields and
 * no others.
 */
final class Contract {
  /** Headers that mean something: none is sent that the document does not name. */
  private static final List<String> MEANINGFUL =
      List.of(
          "X-Request-Id", "X-Run-Id", "Retry-After", "Idempotency-Replayed", "Preference-Applied");

  private static final String ERROR = "/components/schemas/Error";
  private static final JsonNode DOCUMENT = closed(OpenApi.document().deepCopy());
  private static final Map<String, Schema> COMPILED = new ConcurrentHashMap<>();
  private static final String ID = "https://runnel.test/openapi.json";
  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(
          Dialects.getDraft202012(),
          builder ->
              builder
                  .schemas(Map.of(ID, DOCUMENT.toString()))
                  .schemaRegistryConfig(
                      SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));

  private final RouteTable table;

  Contract(List<Dialect> dialects) {
    this.table = new RouteTable(dialects);
  }

  /** Fails when this answer is none that the document allows; other doors are passed over. */
  void check(String method, String target, Reply reply) {
    var question = target.indexOf('?');
    var path = question < 0 ? target : target.substring(0, question);
    var match = table.match(HttpMethod.valueOf(method), path);
    if (!match.dialect().prefix().equals("/")) {
      return;
    }
    switch (match) {
      case RouteTable.Missing _ -> {
        if (!method.equals("HEAD") && reply.status() >= 400) {
          checkBody(ERROR, reply);
        }
      }
      case RouteTable.Found found -> {
        var filtered = question >= 0 && target.substring(question).matches(".*[?&]fields=.*");
        check(found.route(), method.equals("HEAD"), filtered, reply);
      }
    }
  }

  private static void check(Route route, boolean isHead, boolean filtered, Reply reply) {
    var where = route.line() + " " + reply.status();
    var declared =
        "/paths/%s/%s/responses/%d"
            .formatted(
                route.path().replaceAll(":([A-Za-z]+)", "{$1}").replace("/", "~1"),
                route.method().name().toLowerCase(Locale.ROOT),
                reply.status());
    assertThat(DOCUMENT.at(declared).isObject())
        .as("%s is declared: %s", where, reply.body())
        .isTrue();
    var pointer = resolved(declared);
    var response = DOCUMENT.at(pointer);
    checkHeaders(where, response.path("headers"), reply);
    if (isHead) {
      return;
    }
    if (!response.has("content")) {
      assertThat(reply.bytes().length()).as("%s has no body", where).isZero();
      return;
    }
    var type = String.valueOf(reply.headers().get("Content-Type")).split(";", 2)[0].strip();
    assertThat(response.get("content").has(type)).as("%s may be %s", where, type).isTrue();
    var hasSchema = response.get("content").get(type).has("schema");
    if (hasSchema && (!filtered || reply.status() >= 300)) {
      checkBody(pointer + "/content/" + type.replace("/", "~1") + "/schema", reply);
    }
  }

  private static void checkHeaders(String where, JsonNode declared, Reply reply) {
    declared
        .properties()
        .forEach(header -> {
          var definition = DOCUMENT.at(header.getValue().get("$ref").asText().substring(1));
          var value = reply.headers().get(header.getKey());
          if (value == null) {
            assertThat(definition.path("required").asBoolean())
                .as("%s has %s", where, header.getKey())
                .isFalse();
          } else if (definition.at("/schema/type").asText().equals("integer")) {
            assertThat(value).as("%s: %s", where, header.getKey()).matches("[0-9]+");
          }
        });
    for (var name : MEANINGFUL) {
      assertThat(!reply.headers().contains(name) || declared.has(name))
          .as("%s declares the header %s", where, name)
          .isTrue();
    }
  }

  private static void checkBody(String pointer, Reply reply) {
    var body = Json.parsed(reply.body()).orElseThrow();
    var schema =
        COMPILED.computeIfAbsent(
            pointer, at -> REGISTRY.getSchema(SchemaLocation.of(ID + "#" + at)));
    assertThat(schema.validate(body)).as("%s: %s", pointer, reply.body()).isEmpty();
  }

  /** Where the thing is that this pointer leads to, or that it refers to. */
  private static String resolved(String pointer) {
    var node = DOCUMENT.at(pointer);
    return node.has("$ref") ? node.get("$ref").asText().substring(1) : pointer;
  }

  /** The document as clients read it lets objects have more than it names; tests do not. */
  private static JsonNode closed(JsonNode node) {
    if (node instanceof ObjectNode object
        && object.path("type").asText().equals("object")
        && object.has("properties")
        && !object.has("additionalProperties")) {
      object.put("additionalProperties", false);
    }
    node.forEach(Contract::closed);
    return node;
  }
}
