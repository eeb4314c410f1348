package dev.runnel.script;

import dev.runnel.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** The rule for script names: refused, never rewritten. */
public final class ScriptName {
  /** In bytes of UTF-8. */
  public static final int MAX_BYTES = 128;

  private static final Pattern ALLOWED = Pattern.compile("[\\p{L}\\p{Nd}_.:-]+");

  private ScriptName() {}

  /**
   * The trimmed name. Fails with {@code Invalid("name", …)} when it is empty, longer than {@value
   * #MAX_BYTES} bytes, holds anything but letters, digits and {@code _ . : -}, is {@code .} or
   * {@code ..}, or starts with {@code -}.
   */
  public static String checked(String given) {
    var name = given.strip();
    if (name.isEmpty()) {
      throw new Problem.Invalid("name", "Script name is required.");
    }
    if (name.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
      throw new Problem.Invalid("name", "Script name is longer than " + MAX_BYTES + " bytes.");
    }
    if (!ALLOWED.matcher(name).matches()
        || name.equals(".")
        || name.equals("..")
        || name.startsWith("-")) {
      throw new Problem.Invalid(
          "name",
          "Script name may hold letters, digits, '_', '.', ':' and '-' only and must not start"
              + " with '-'.");
    }
    return name;
  }
}
