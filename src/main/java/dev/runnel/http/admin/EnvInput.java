package dev.runnel.http.admin;

import dev.runnel.http.Fields;
import dev.runnel.problem.Problem;
import dev.runnel.script.EnvVariable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Variables of a request; the last of a key wins. */
final class EnvInput {
  private static final int MAX_PAIRS = 200;
  private static final int MAX_BYTES = 64 * 1024;
  private static final Pattern KEY = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private EnvInput() {}

  /**
   * Those of a definition, null when the body names none: {@code [{key, value}]}. What is no array
   * is none, items that are no objects are passed over.
   */
  static @Nullable List<EnvVariable> ofDefinition(Fields body) {
    return body.has("env") ? listed(body) : null;
  }

  /** Those of a start: the same, or an object. */
  static List<EnvVariable> ofStart(Fields body) {
    if (!body.has("env") || body.isArray("env")) {
      return listed(body);
    }
    var object = body.object("env");
    var pairs = new LinkedHashMap<String, String>();
    for (var key : object == null ? List.<String>of() : object.names()) {
      put(pairs, object.pathOf(key), key, object.scalar(key));
    }
    return checked(pairs);
  }

  private static List<EnvVariable> listed(Fields body) {
    var pairs = new LinkedHashMap<String, String>();
    for (var item : body.objectsAmong("env")) {
      var key = item.text("key", "").strip();
      if (!key.isEmpty()) {
        put(pairs, item.pathOf("key"), key, item.scalar("value"));
      }
    }
    return checked(pairs);
  }

  private static void put(
      Map<String, String> pairs, String path, String key, @Nullable String value) {
    if (!KEY.matcher(key).matches()) {
      throw new Problem.Invalid(
          path, path + " must be letters, digits and _ and must not start with a digit");
    }
    // Removed first: an environment is a list, and the last one given stands last.
    pairs.remove(key);
    pairs.put(key, value == null ? "" : value);
  }

  private static List<EnvVariable> checked(Map<String, String> pairs) {
    var variables = new ArrayList<EnvVariable>();
    var bytes = 0L;
    for (var pair : pairs.entrySet()) {
      bytes += pair.getKey().length() + pair.getValue().getBytes(StandardCharsets.UTF_8).length;
      variables.add(new EnvVariable(pair.getKey(), pair.getValue()));
    }
    if (variables.size() > MAX_PAIRS || bytes > MAX_BYTES) {
      throw new Problem.Invalid(
          "env", "env takes at most " + MAX_PAIRS + " variables and " + MAX_BYTES + " bytes");
    }
    return List.copyOf(variables);
  }
}
