package dev.runnel.http.bosbase;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator.Feature;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.runnel.config.BuildVersion;
import dev.runnel.http.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * This door's OpenAPI document. Each group of routes has a part of its own in YAML; together they
 * are the document.
 */
public final class OpenApi {
  private static final List<String> PARTS =
      List.of(
          "document",
          "shared",
          "accounts",
          "records",
          "scripts",
          "permissions",
          "execute",
          "streams",
          "commands",
          "upload",
          "wasm",
          "health");

  private static final YAMLMapper YAML =
      YAMLMapper.builder(
              YAMLFactory.builder()
                  .disable(Feature.WRITE_DOC_START_MARKER)
                  .disable(Feature.SPLIT_LINES)
                  .enable(Feature.MINIMIZE_QUOTES)
                  .enable(Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                  .build())
          .build();

  private OpenApi() {}

  private static final class Read {
    static final JsonNode DOCUMENT = read();
  }

  /** The document. It is read when it is first asked for, which takes a while. */
  public static JsonNode document() {
    return Read.DOCUMENT;
  }

  /** The document as text, with line breaks. */
  public static String json() {
    return Json.pretty(document()) + "\n";
  }

  /** The document as YAML. */
  public static String yaml() {
    try {
      return YAML.writeValueAsString(document());
    } catch (JsonProcessingException unwritable) {
      throw new IllegalStateException("A document that is not YAML", unwritable);
    }
  }

  private static JsonNode read() {
    var whole = YAML.createObjectNode();
    for (var part : PARTS) {
      add(part(part), whole, part);
    }
    ((ObjectNode) whole.get("info")).put("version", BuildVersion.number());
    return whole;
  }

  private static ObjectNode part(String name) {
    try (var stream = OpenApi.class.getResourceAsStream("openapi/" + name + ".yaml")) {
      return YAML.readValue(stream, ObjectNode.class);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /**
   * Objects are joined key by key; two parts that say different things of one key are a mistake.
   */
  private static void add(ObjectNode part, ObjectNode whole, String where) {
    part.properties()
        .forEach(entry -> {
          var path = where + "/" + entry.getKey();
          var there = whole.get(entry.getKey());
          if (there == null) {
            whole.set(entry.getKey(), entry.getValue());
          } else if (there instanceof ObjectNode object
              && entry.getValue() instanceof ObjectNode more) {
            add(more, object, path);
          } else {
            throw new IllegalStateException(path + " is in another part too");
          }
        });
  }
}
