package dev.runnel.http.bosbase;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a python run that could not find its function says about those there are. */
final class MissingFunction {
  /** The last line, as {@code call_steps.py} writes it. */
  private static final Pattern LAST_LINE =
      Pattern.compile("(?:^|\n)Function not found: [^\n]*\\. Available functions: ([^\n]*)\n\\z");

  private MissingFunction() {}

  /** Their names; null when it does not say so. */
  static @Nullable List<String> available(String stderr) {
    var said = LAST_LINE.matcher(stderr);
    if (!said.find()) {
      return null;
    }
    return said.group(1).equals("none") ? List.of() : List.of(said.group(1).split(", "));
  }
}
