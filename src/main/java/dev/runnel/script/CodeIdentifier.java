package dev.runnel.script;

import dev.runnel.problem.Problem;
import java.util.Locale;
import java.util.Set;

/** The admin dialect's key of a script (admin dialect, codeIdentifier normalisation). */
public final class CodeIdentifier {
  /** In characters. */
  public static final int MAX_LENGTH = 100;

  private static final Set<String> RESERVED = Set.of("runs", "schedule");

  private CodeIdentifier() {}

  /**
   * Trims, lower-cases, turns each run of white space into one {@code -} and deletes what is not
   * {@code a-z 0-9 _ -}. May be empty.
   */
  public static String normalised(String given) {
    return given
        .strip()
        .toLowerCase(Locale.ROOT)
        .replaceAll("\\s+", "-")
        .replaceAll("[^a-z0-9_-]", "");
  }

  /** The normalised identifier; fails with {@code Invalid} when it is empty, too long, reserved. */
  public static String checked(String given) {
    var identifier = normalised(given);
    if (identifier.isEmpty()) {
      throw new Problem.Invalid("codeIdentifier", "codeIdentifier is required");
    }
    if (identifier.length() > MAX_LENGTH) {
      throw new Problem.Invalid(
          "codeIdentifier", "codeIdentifier is longer than " + MAX_LENGTH + " characters");
    }
    if (RESERVED.contains(identifier)) {
      throw new Problem.Invalid(
          "codeIdentifier", "codeIdentifier \"" + identifier + "\" is reserved, choose another");
    }
    return identifier;
  }

  /**
   * The first candidate for a script that came without one: normalised, cut, {@code script} where
   * nothing or a reserved word is left.
   */
  public static String derived(String name) {
    var identifier = normalised(name);
    if (identifier.isEmpty() || RESERVED.contains(identifier)) {
      return "script";
    }
    return identifier.length() > MAX_LENGTH ? identifier.substring(0, MAX_LENGTH) : identifier;
  }

  /** The {@code n}-th candidate (n ≥ 2): {@code base-n}, cut so that it stays within the limit. */
  public static String numbered(String base, int n) {
    var suffix = "-" + n;
    var room = MAX_LENGTH - suffix.length();
    return (base.length() > room ? base.substring(0, room) : base) + suffix;
  }
}
