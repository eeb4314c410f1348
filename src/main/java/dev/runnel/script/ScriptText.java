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
    if (!fits(given)) {
      throw new Problem.Invalid("text", "The script is longer than " + MAX_BYTES + " bytes.");
    }
    return given;
  }

  /** Whether it is at most {@value #MAX_BYTES} bytes long. */
  public static boolean fits(String text) {
    // A char is at most three bytes of UTF-8, so most texts need no encoding to be judged.
    return text.length() <= MAX_BYTES / 3
        || text.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES;
  }
}
