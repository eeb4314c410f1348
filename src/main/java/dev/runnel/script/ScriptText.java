package dev.runnel.script;

import dev.runnel.problem.Problem;
import java.nio.charset.StandardCharsets;

/** The rule for a script's text, the same at every door. */
public final class ScriptText {
  /** In bytes of UTF-8. */
  public static final int MAX_BYTES = 1 << 20;

  private ScriptText() {}

  /** The text as given; fails with {@code Invalid("text", …)} when it is too long. */
  public static String checked(String given) {
    // A char is at most three bytes of UTF-8, so most texts need no encoding to be judged.
    if (given.length() > MAX_BYTES / 3
        && given.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
      throw new Problem.Invalid("text", "The script is longer than " + MAX_BYTES + " bytes.");
    }
    return given;
  }
}
