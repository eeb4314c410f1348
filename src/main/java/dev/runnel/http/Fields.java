package dev.runnel.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object of a request, read field by field. JSON {@code null} is the same as absent; every
 * accessor answers null then. What is there but of another type fails with {@code BadField}, and so
 * does text that no file and no process could hold: a NUL or half a surrogate pair.
 */
public final class Fields {
  static final Fields NONE = new Fields("", new ObjectNode(JsonNodeFactory.instance));

  private final String prefix;
  private final ObjectNode object;
  private final boolean ofForm;

  Fields(String prefix, ObjectNode object) {
    this(prefix, object, false);
  }

  private Fields(String prefix, ObjectNode object, boolean ofForm) {
    this.prefix = prefix;
    this.object = object;
    this.ofForm = ofForm;
  }

  /**
   * The fields of a form, where everything is text: a flag or number is read from it, one value is
   * an array of one, the first of several counts where one is wanted.
   */
  static Fields ofForm(ObjectNode object) {
    return new Fields("", object, true);
  }

  /** The fields of a JSON object in UTF-8. Fails with {@code BadBody}. */
  public static Fields ofJson(byte[] object) {
    return new Fields("", Json.object(Buffer.buffer(object)));
  }

  /** There, and not {@code null}. */
  public boolean has(String name) {
    return object.hasNonNull(name);
  }

  /** There, also as {@code null}. */
  public boolean mentions(String name) {
    return object.has(name);
  }

  public List<String> names() {
    var names = new ArrayList<String>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  public @Nullable String text(String name) {
    return has(name) ? text(prefix + name, one(name)) : null;
  }

  public String text(String name, String otherwise) {
    var given = text(name);
    return given == null ? otherwise : given;
  }

  /** A string, or a number or boolean as it was written. */
  public @Nullable String scalar(String name) {
    return has(name) ? scalar(prefix + name, one(name)) : null;
  }

  public @Nullable Boolean flag(String name) {
    if (!has(name) || isBlankInForm(name)) {
      return null;
    }
    var given = one(name);
    if (ofForm && given.isTextual()) {
      return FormText.flag(given.textValue())
          .orElseThrow(() -> refused(prefix + name, "must be true or false"));
    }
    if (!given.isBoolean()) {
      throw refused(prefix + name, "must be true or false");
    }
    return given.booleanValue();
  }

  /** A whole number. */
  public @Nullable Long integer(String name) {
    if (!has(name) || isBlankInForm(name)) {
      return null;
    }
    var given = one(name);
    if (ofForm && given.isTextual()) {
      return FormText.integer(given.textValue())
          .orElseThrow(() -> refused(prefix + name, "must be a whole number"));
    }
    if (!given.isIntegralNumber() || !given.canConvertToLong()) {
      throw refused(prefix + name, "must be a whole number");
    }
    return given.longValue();
  }

  public @Nullable Fields object(String name) {
    return has(name) ? object(prefix + name, object.get(name)) : null;
  }

  /** Elements are strings, or scalars as they were written. */
  public @Nullable List<String> scalars(String name) {
    return list(name, Fields::scalar);
  }

  /** The objects in this array; other elements are passed over, and what is no array has none. */
  public List<Fields> objectsAmong(String name) {
    var objects = new ArrayList<Fields>();
    for (int i = 0; isArray(name) && i < object.get(name).size(); i++) {
      if (object.get(name).get(i) instanceof ObjectNode element) {
        objects.add(new Fields(prefix + name + "[" + i + "].", element));
      }
    }
    return objects;
  }

  /** Whether the field is an array; false when it is absent. */
  public boolean isArray(String name) {
    return has(name) && object.get(name).isArray();
  }

  /** Where this field is in the body, for error messages. */
  public String pathOf(String name) {
    return prefix + name;
  }

  private JsonNode one(String name) {
    var given = object.get(name);
    return ofForm && given.isArray() && !given.isEmpty() ? given.get(0) : given;
  }

  /** Like absent, where no text is wanted. */
  private boolean isBlankInForm(String name) {
    return ofForm && one(name).isTextual() && one(name).textValue().isEmpty();
  }

  private <T> @Nullable List<T> list(String name, BiFunction<String, JsonNode, T> element) {
    if (!has(name)) {
      return null;
    }
    if (ofForm && object.get(name).isTextual()) {
      return List.of(element.apply(prefix + name, object.get(name)));
    }
    if (!object.get(name).isArray()) {
      throw refused(prefix + name, "must be an array");
    }
    var elements = new ArrayList<T>();
    for (var node : object.get(name)) {
      elements.add(element.apply(prefix + name + "[" + elements.size() + "]", node));
    }
    return elements;
  }

  private static Fields object(String path, JsonNode node) {
    if (node instanceof ObjectNode object) {
      return new Fields(path + ".", object);
    }
    throw refused(path, "must be an object");
  }

  private static String scalar(String path, JsonNode node) {
    return node.isNumber() || node.isBoolean() ? node.asText() : text(path, node);
  }

  private static String text(String path, JsonNode node) {
    if (!node.isTextual()) {
      throw refused(path, "must be a string");
    }
    if (!isStorable(node.textValue())) {
      throw refused(path, "must not hold NUL or half a surrogate pair");
    }
    return node.textValue();
  }

  private static boolean isStorable(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0 || Character.isLowSurrogate(c)) {
        return false;
      }
      if (Character.isHighSurrogate(c)
          && (++i == text.length() || !Character.isLowSurrogate(text.charAt(i)))) {
        return false;
      }
    }
    return true;
  }

  private static Refused refused(String path, String rule) {
    return new Refused(new Refusal.BadField(path, rule));
  }
}
