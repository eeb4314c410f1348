package dev.runnel.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code ?fields=a,b.c} keeps of an answer: {@code b.c} is the key {@code c} of what {@code b}
 * holds, {@code *} every key that is not named itself; of an array, the same of each element. In a
 * list answer ({@code {"items":[…]}}) names that the list itself does not have are those of its
 * items; the list's own keys then stay.
 */
final class FieldPicker {
  private static final String EVERY = "*";
  private static final String ITEMS = "items";
  private static final int MAX_NAMES = 200;

  private final Map<String, FieldPicker> named = new HashMap<>();
  private boolean isWhole;

  private FieldPicker() {}

  /** Null: the whole answer. */
  static @Nullable FieldPicker of(@Nullable String fields) {
    if (fields == null || fields.isBlank()) {
      return null;
    }
    var picker = new FieldPicker();
    for (var field : fields.split(",", MAX_NAMES)) {
      var at = picker;
      for (var key : field.strip().split("\\.", -1)) {
        at = at.named.computeIfAbsent(key, _ -> new FieldPicker());
      }
      at.isWhole = true;
    }
    return picker;
  }

  /** Removes from the answer what is not wanted. */
  void pick(JsonNode answer) {
    if (answer instanceof ObjectNode object
        && object.path(ITEMS).isArray()
        && !named.containsKey(EVERY)) {
      pickList(object);
    } else {
      keep(answer);
    }
  }

  private void pickList(ObjectNode list) {
    var ofList = new FieldPicker();
    var ofItems = new FieldPicker();
    named.forEach((key, picker) -> (list.has(key) ? ofList : ofItems).named.put(key, picker));
    if (ofItems.named.isEmpty()) {
      ofList.keep(list);
      return;
    }
    var items = list.get(ITEMS);
    if (!ofList.named.containsKey(ITEMS)) {
      ofItems.keep(items);
    }
    if (!ofList.named.isEmpty()) {
      ofList.named.computeIfAbsent(ITEMS, _ -> new FieldPicker()).isWhole = true;
      ofList.keep(list);
    }
  }

  private void keep(JsonNode node) {
    if (node.isArray()) {
      node.forEach(this::keep);
    } else if (node instanceof ObjectNode object) {
      var every = named.get(EVERY);
      for (var names = object.fieldNames(); names.hasNext(); ) {
        var key = names.next();
        var wanted = named.getOrDefault(key, every);
        if (wanted == null) {
          names.remove();
        } else if (!wanted.isWhole) {
          wanted.keep(object.get(key));
        }
      }
    }
  }
}
