package dev.runnel.config;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Times and sizes as people write them: {@code 250 ms}, {@code 5 min}, {@code 10 MiB}. */
public final class Quantity {
  private static final List<Step> TIME =
      List.of(
          new Step("ms", 1),
          new Step("s", 1000),
          new Step("min", 60_000),
          new Step("h", 3_600_000),
          new Step("d", 86_400_000));
  private static final List<Step> BYTES =
      List.of(
          new Step("B", 1),
          new Step("KiB", 1 << 10),
          new Step("MiB", 1 << 20),
          new Step("GiB", 1 << 30));

  private static final Pattern TEXT = Pattern.compile("(0|[1-9][0-9]{0,18}) ?([A-Za-z]*)");

  private Quantity() {}

  /** A unit, and how many of the smallest one it holds. */
  private record Step(String name, long size) {}

  /** The time in the largest unit that divides it: {@code 90 s}, {@code 5 min}, {@code 0}. */
  public static String text(Duration time) {
    return text(time.toMillis(), TIME);
  }

  /** The size in the largest unit that divides it: {@code 1536 KiB}, {@code 10 MiB}, {@code 0}. */
  public static String text(long bytes) {
    return text(bytes, BYTES);
  }

  /** Milliseconds; empty when the text is no time, or one that no {@code long} holds. */
  static OptionalLong milliseconds(String text) {
    return read(text, TIME);
  }

  /** Bytes; empty when the text is no size, or one that no {@code long} holds. */
  static OptionalLong bytes(String text) {
    return read(text, BYTES);
  }

  /** A bare number; empty when the text is none. */
  static OptionalLong number(String text) {
    return read(text, List.of());
  }

  private static String text(long amount, List<Step> steps) {
    if (amount == 0) {
      return "0";
    }
    var largest =
        steps.reversed().stream().filter(step -> amount % step.size == 0).findFirst().orElseThrow();
    return amount / largest.size + " " + largest.name;
  }

  private static OptionalLong read(String text, List<Step> steps) {
    var match = TEXT.matcher(text.strip());
    if (!match.matches()) {
      return OptionalLong.empty();
    }
    var unit = match.group(2);
    var size =
        unit.isEmpty()
            ? OptionalLong.of(1)
            : steps.stream().filter(s -> s.name.equals(unit)).mapToLong(Step::size).findFirst();
    if (size.isEmpty()) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Math.multiplyExact(Long.parseLong(match.group(1)), size.getAsLong()));
    } catch (ArithmeticException | NumberFormatException tooLarge) {
      return OptionalLong.empty();
    }
  }
}
