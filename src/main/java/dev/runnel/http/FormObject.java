package dev.runnel.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runnel.http.form.FormField;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/** A form as the JSON object that would say the same. */
final class FormObject {
  private FormObject() {}

  /** A repeated field becomes an array. Fails with {@code BadBody} for a payload that is none. */
  static ObjectNode of(List<FormField> fields) {
    var object = new ObjectNode(JsonNodeFactory.instance);
    for (var field : fields) {
      if (!field.name().equals(FormField.JSON_PAYLOAD)) {
        add(object, field);
      }
    }
    for (var field : fields) {
      if (field.name().equals(FormField.JSON_PAYLOAD)) {
        object.setAll(Json.object(Buffer.buffer(field.value())));
      }
    }
    return object;
  }

  private static void add(ObjectNode object, FormField field) {
    switch (object.get(field.name())) {
      case null -> object.put(field.name(), field.value());
      case ArrayNode several -> several.add(field.value());
      case JsonNode first -> object.putArray(field.name()).add(first).add(field.value());
    }
  }
}
