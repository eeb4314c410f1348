package dev.runnel.http.admin;

import dev.runnel.problem.Problem;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The words that stand for a domain value. */
final class Words {
  private Words() {}

  /** The value with this lower-case name; fails with {@code Invalid} naming those there are. */
  static <E extends Enum<E>> E of(String field, String word, E[] values) {
    for (var value : values) {
      if (value.name().toLowerCase(Locale.ROOT).equals(word)) {
        return value;
      }
    }
    var allowed =
        Arrays.stream(values)
            .map(value -> value.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", "));
    throw new Problem.Invalid(field, field + " must be one of " + allowed);
  }
}
