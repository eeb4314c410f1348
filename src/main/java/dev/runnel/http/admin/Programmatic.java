package dev.runnel.http.admin;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runnel.http.Json;
import dev.runnel.run.ReturnValue;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The clean result of a run, for programs: what it returned, else the last thing it printed.
 *
 * @param type {@code return}, {@code console} or {@code none}
 * @param lastLine the last line of stdout that is not blank, empty when there is none
 */
record Programmatic(String output, String type, boolean isJson, String returned, String lastLine) {
  /** Lines of stdout, from the end, in which a JSON object or array is looked for. */
  static final int SCANNED = 200;

  /** {@code lines} are the last of stdout. */
  static Programmatic of(@Nullable ReturnValue value, List<String> lines) {
    var printed = lines.reversed().stream().filter(line -> !line.isBlank()).findFirst().orElse("");
    if (value != null) {
      var node = Json.value(value.json());
      var text = node.isTextual() ? node.textValue() : Json.pretty(node);
      return new Programmatic(text, "return", !node.isTextual(), text, printed);
    }
    var structure =
        lines.reversed().stream().limit(SCANNED).filter(Programmatic::isStructure).findFirst();
    if (structure.isPresent()) {
      return new Programmatic(structure.get(), "console", true, "", printed);
    }
    return printed.isEmpty()
        ? new Programmatic("No output", "none", false, "", "")
        : new Programmatic(printed, "console", parsed(printed).isPresent(), "", printed);
  }

  private static boolean isStructure(String line) {
    var text = line.strip();
    return (text.startsWith("{") || text.startsWith("["))
        && parsed(text).filter(JsonNode::isContainerNode).isPresent();
  }

  private static Optional<JsonNode> parsed(String line) {
    return Json.parsed(line);
  }
}
