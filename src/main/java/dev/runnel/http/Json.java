package dev.runnel.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** JSON as the doors read and write it. */
public final class Json {
  private static final int MAX_DEPTH = 100;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          // Numbers keep the digits they were written with.
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .build();

  private static final DefaultIndenter LINES = new DefaultIndenter("  ", "\n");
  private static final DefaultPrettyPrinter PRETTY =
      new DefaultPrettyPrinter(
              Separators.createDefaultInstance()
                  .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                  .withObjectEmptySeparator("")
                  .withArrayEmptySeparator(""))
          .withObjectIndenter(LINES)
          .withArrayIndenter(LINES);

  private Json() {}

  /**
   * The one object that these bytes hold, in UTF-8. Fails with {@code BadBody}: anything else,
   * repeated keys, more than {@value #MAX_DEPTH} levels, bytes after the end.
   */
  static ObjectNode object(Buffer bytes) {
    try {
      // As text: Jackson would otherwise guess UTF-16 and UTF-32 from the first bytes.
      var text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.getBytes())).toString();
      if (MAPPER.readTree(text) instanceof ObjectNode object) {
        return object;
      }
      throw refused("the body must be a JSON object");
    } catch (CharacterCodingException notText) {
      throw refused("the body is not UTF-8");
    } catch (IOException notJson) {
      throw refused("the body is not valid JSON");
    }
  }

  /** A JSON value from text that we wrote ourselves. */
  public static JsonNode value(String json) {
    try {
      return MAPPER.readTree(json);
    } catch (JsonProcessingException broken) {
      throw new IllegalStateException("Stored JSON cannot be read", broken);
    }
  }

  /** The JSON value that somebody else wrote, empty when it is none. */
  public static Optional<JsonNode> parsed(String text) {
    try {
      return Optional.ofNullable(MAPPER.readTree(text)).filter(node -> !node.isMissingNode());
    } catch (JsonProcessingException notJson) {
      return Optional.empty();
    }
  }

  /** With line breaks and two blanks for each level, as JavaScript writes it. */
  public static String pretty(JsonNode node) {
    try {
      return MAPPER.writer(PRETTY).writeValueAsString(node);
    } catch (JsonProcessingException unwritable) {
      throw new IllegalStateException("A value that is not JSON", unwritable);
    }
  }

  /** The value that {@code body} becomes. */
  static JsonNode tree(Object body) {
    return MAPPER.valueToTree(body);
  }

  static Buffer bytes(Object body) {
    try {
      return Buffer.buffer(MAPPER.writeValueAsBytes(body));
    } catch (JsonProcessingException unwritable) {
      throw new IllegalStateException("An answer that is not JSON: " + body.getClass(), unwritable);
    }
  }

  /** What we write, as text without line breaks. */
  public static String text(Object body) {
    return bytes(body).toString();
  }

  private static Refused refused(String why) {
    return new Refused(new Refusal.BadBody(why));
  }
}
