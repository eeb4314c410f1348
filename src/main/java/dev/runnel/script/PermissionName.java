package dev.runnel.script;

import dev.runnel.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;

/** The rule for what a permission is named after: a script, or a wasm file by its path. */
public final class PermissionName {
  /** In bytes of UTF-8. */
  public static final int MAX_BYTES = 1024;

  private static final int MAX_SEGMENT_BYTES = 255;
  private static final String FIELD = "script_name";

  private PermissionName() {}

  /**
   * The trimmed name, as a path without detours: {@code ./a//b.wasm} is {@code a/b.wasm}. Fails
   * with {@code Invalid} when it leads nowhere or out of {@code EXECUTE_PATH}, starts with {@code
   * -}, holds a control character, or is longer than {@value #MAX_BYTES} bytes.
   *
   * @param blank what to say when it is empty
   */
  public static String checked(String given, String blank) {
    var name = given.strip();
    if (name.isEmpty()) {
      throw new Problem.Invalid(FIELD, blank);
    }
    if (name.startsWith("/")
        || name.startsWith("-")
        || name.chars().anyMatch(Character::isISOControl)) {
      throw refused();
    }
    var segments = new ArrayList<String>();
    for (var segment : name.split("/", -1)) {
      if (segment.equals("..")) {
        if (segments.isEmpty()) {
          throw refused();
        }
        segments.removeLast();
      } else if (!segment.isEmpty() && !segment.equals(".")) {
        segments.add(segment);
      }
    }
    var path = String.join("/", segments);
    if (path.isEmpty()
        || path.startsWith("-")
        || bytes(path) > MAX_BYTES
        || segments.stream().anyMatch(segment -> bytes(segment) > MAX_SEGMENT_BYTES)) {
      throw refused();
    }
    return path;
  }

  private static Problem.Invalid refused() {
    return new Problem.Invalid(
        FIELD,
        "Script_name must be the name of a script or the relative path of a wasm file within"
            + " EXECUTE_PATH, of at most "
            + MAX_BYTES
            + " bytes.");
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
