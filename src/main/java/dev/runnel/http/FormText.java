package dev.runnel.http;

import java.util.Optional;
import java.util.Set;

/** Values that a form can only write as text. */
final class FormText {
  private static final Set<String> TRUE = Set.of("1", "t", "T", "true", "TRUE", "True");
  private static final Set<String> FALSE = Set.of("0", "f", "F", "false", "FALSE", "False");

  private FormText() {}

  /** Empty when the text says neither yes nor no. */
  static Optional<Boolean> flag(String text) {
    return TRUE.contains(text)
        ? Optional.of(true)
        : FALSE.contains(text) ? Optional.of(false) : Optional.empty();
  }

  /** Empty when the text is no whole number, or one that no {@code long} holds. */
  static Optional<Long> integer(String text) {
    try {
      return Optional.of(Long.parseLong(text));
    } catch (NumberFormatException notANumber) {
      return Optional.empty();
    }
  }
}
