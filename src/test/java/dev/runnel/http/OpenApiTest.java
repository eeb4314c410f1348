package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialects;
import dev.runnel.account.Role;
import dev.runnel.config.BuildVersion;
import dev.runnel.http.bosbase.OpenApi;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** The OpenAPI document is one, describes the routes that there are, and is what is served. */
@TestInstance(Lifecycle.PER_CLASS)
class OpenApiTest {
  private static final Set<String> METHODS = Set.of("get", "put", "post", "patch", "delete");
  private static final String OFFICIAL = "https://spec.openapis.org/";

  private final JsonNode document = OpenApi.document();
  private TestService service;

  @BeforeAll
  void start() throws Exception {
    service = new TestService(new MemoryBackend());
  }

  @AfterAll
  void stop() {
    service.close();
  }

  @Test
  void everyRouteIsDescribedAndNothingElse() {
    var mounted = new TreeSet<String>();
    for (var route : bosbase().routes().all()) {
      mounted.add(route.line().replaceAll(":([A-Za-z]+)", "{$1}"));
    }
    assertThat(described()).containsExactlyInAnyOrderElementsOf(mounted);
  }

  @Test
  void whatARouteAsksOfItsCallerIsWhatItsDescriptionSays() {
    for (var route : bosbase().routes().all()) {
      var path = route.path().replaceAll(":([A-Za-z]+)", "{$1}");
      var operation =
          document.at("/paths").path(path).path(route.method().name().toLowerCase(Locale.ROOT));
      var security =
          operation.has("security") ? operation.get("security") : document.get("security");
      var open = security.isEmpty() || security.path(0).isEmpty();
      assertThat(open).as(route.line()).isEqualTo(route.role() == Role.GUEST);
      assertThat(operation.get("responses").has("401") || open).as(route.line()).isTrue();
    }
  }

  @Test
  void theDocumentKeepsTheOfficialSchema() {
    assertThat(errors(document)).isEmpty();
  }

  @Test
  void aDocumentThatBreaksTheOfficialSchemaIsNoticed() {
    var wrong = document.deepCopy();
    ((ObjectNode) wrong.at("/components/parameters/Fields")).put("in", "nowhere");
    assertThat(errors(wrong)).isNotEmpty();
    var odd = document.deepCopy();
    ((ObjectNode) odd.at("/components/schemas/Script")).put("type", "thing");
    assertThat(errors(odd)).isNotEmpty();
  }

  private static List<Error> errors(JsonNode document) {
    return SchemaRegistry.withDefaultDialect(
            Dialects.getDraft202012(),
            builder ->
                builder
                    .schemaIdResolvers(
                        ids -> ids.mapPrefix(OFFICIAL, "classpath:spec.openapis.org/"))
                    .schemaRegistryConfig(
                        SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()))
        .getSchema(SchemaLocation.of(OFFICIAL + "oas/3.1/schema-base/2022-10-07"))
        .validate(document);
  }

  @Test
  void everyReferenceLeadsSomewhereAndEveryComponentIsUsed() {
    var used = new HashSet<String>();
    visit(
        document,
        node -> {
          if (node.path("$ref").isTextual()) {
            used.add(node.get("$ref").asText());
          }
        });
    for (var ref : used) {
      assertThat(document.at(ref.substring(1)).isMissingNode()).as(ref).isFalse();
    }
    var components = new TreeSet<String>();
    document
        .get("components")
        .properties()
        .forEach(kind -> {
          if (!kind.getKey().equals("securitySchemes")) {
            kind.getValue()
                .fieldNames()
                .forEachRemaining(
                    name -> components.add("#/components/" + kind.getKey() + "/" + name));
          }
        });
    assertThat(used).containsExactlyInAnyOrderElementsOf(components);
  }

  @Test
  void everyOperationHasANameOfItsOwnATagASummaryAndItsPathsParameters() {
    var names = new ArrayList<String>();
    var tags = new HashSet<String>();
    document.get("tags").forEach(tag -> tags.add(tag.get("name").asText()));
    document
        .get("paths")
        .properties()
        .forEach(path -> {
          assertThat(parameters(path.getValue()))
              .as(path.getKey())
              .containsAll(inTemplate(path.getKey()));
          operations(path.getValue())
              .forEach((method, operation) -> {
                names.add(operation.path("operationId").asText());
                assertThat(operation.path("summary").asText()).as(path.getKey()).isNotBlank();
                assertThat(tags).contains(operation.at("/tags/0").asText());
                var bodies = method.equals("post") || method.equals("patch");
                assertThat(operation.get("responses").has("413"))
                    .as(method + " " + path.getKey())
                    .isEqualTo(bodies);
              });
        });
    assertThat(names).doesNotHaveDuplicates().doesNotContain("").hasSizeGreaterThan(30);
  }

  @Test
  void everyExampleKeepsItsSchema() {
    var checked = new ArrayList<String>();
    var registry = SchemaRegistry.withDefaultDialect(Dialects.getDraft202012());
    visit(
        document,
        node -> {
          var examples = new ArrayList<JsonNode>();
          var schema = node.has("schema") ? node.get("schema") : node;
          if (node.has("schema") && node.has("example")) {
            examples.add(node.get("example"));
          } else if (node.path("examples").isArray()) {
            node.get("examples").forEach(examples::add);
          }
          for (var example : examples) {
            ObjectNode whole = schema.deepCopy();
            whole.set("components", document.get("components"));
            assertThat(registry.getSchema(whole).validate(example))
                .as(example.toString())
                .isEmpty();
            checked.add(example.toString());
          }
        });
    assertThat(checked).hasSizeGreaterThan(30);
  }

  @Test
  void itIsServedToEverybodyAsItIs() throws Exception {
    var reply = service.send("GET", "/openapi.json", Map.of(), new byte[0]);
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.headers().get("Content-Type")).isEqualTo("application/json");
    assertThat(json(reply.body())).isEqualTo(document);
    assertThat(document.at("/info/version").asText()).isEqualTo(BuildVersion.number());
    service.intake.close();
    assertThat(service.send("GET", "/openapi.json", Map.of(), new byte[0]).status()).isEqualTo(200);
  }

  @Test
  void asTextAndAsYamlItIsTheSameDocument() throws Exception {
    assertThat(json(OpenApi.json())).isEqualTo(document);
    assertThat(new YAMLMapper().readTree(OpenApi.yaml())).isEqualTo(document);
    assertThat(OpenApi.yaml()).contains("\n  /api/scripts:\n", "\n        \"200\":\n");
  }

  private Dialect bosbase() {
    return service.dialects.stream()
        .filter(dialect -> dialect.prefix().equals("/"))
        .findFirst()
        .orElseThrow();
  }

  private Set<String> described() {
    var lines = new TreeSet<String>();
    document
        .get("paths")
        .properties()
        .forEach(path ->
            operations(path.getValue())
                .keySet()
                .forEach(
                    method -> lines.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
    return lines;
  }

  private static Map<String, JsonNode> operations(JsonNode path) {
    var operations = new TreeMap<String, JsonNode>();
    path.properties()
        .forEach(entry -> {
          if (METHODS.contains(entry.getKey())) {
            operations.put(entry.getKey(), entry.getValue());
          }
        });
    return operations;
  }

  private Set<String> parameters(JsonNode path) {
    var names = new HashSet<String>();
    path.path("parameters")
        .forEach(given -> {
          var parameter =
              given.has("$ref") ? document.at(given.get("$ref").asText().substring(1)) : given;
          if (parameter.get("in").asText().equals("path")) {
            names.add("{" + parameter.get("name").asText() + "}");
          }
        });
    return names;
  }

  private static List<String> inTemplate(String path) {
    return List.of(path.split("/")).stream().filter(part -> part.startsWith("{")).toList();
  }

  private static void visit(JsonNode node, Consumer<JsonNode> visitor) {
    visitor.accept(node);
    node.forEach(child -> visit(child, visitor));
  }

  private static JsonNode json(String text) throws JsonProcessingException {
    return new ObjectMapper().readTree(text);
  }
}
