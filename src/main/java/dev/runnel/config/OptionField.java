package dev.runnel.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One option of the tree: how its text becomes a value, and back.
 *
 * @param key its path: {@code http.port}
 * @param type the record component's
 */
record OptionField(String key, Class<?> type, Option option) {

  /** How messages name it. */
  String name() {
    return key + " (" + option.variable() + ")";
  }

  OptionRow row() {
    return new OptionRow(
        key,
        option.variable(),
        option.initial(),
        allowed(),
        option.unit(),
        option.meaning(),
        option.secret());
  }

  /** What is allowed, in words; empty: any text. */
  String allowed() {
    if (type == boolean.class) {
      return "`true` or `false`";
    }
    if (type.isEnum()) {
      var constants =
          Arrays.stream(type.getEnumConstants())
              .map(constant -> "`" + written(constant) + "`")
              .collect(Collectors.joining(" or "));
      return Arrays.stream(option.also())
          .map(word -> "`" + word.replace("=", "` for `") + "`")
          .reduce(constants, (all, word) -> all + ", " + word);
    }
    if (type == Path.class) {
      return "a path";
    }
    return option.max().isEmpty() ? option.allowed() : option.min() + " to " + option.max();
  }

  /** The same, and how the amount is written. */
  private String allowedInFull() {
    return switch (option.unit()) {
      case NONE -> allowed();
      case TIME -> allowed() + ", in ms, s, min, h or d";
      case BYTES -> allowed() + ", in B, KiB, MiB or GiB";
    };
  }

  /** Why this value is not taken. */
  String refusal(Given given) {
    return "%s: %s from %s is not allowed; allowed: %s"
        .formatted(
            name(),
            option.secret() ? "the value" : Given.quoted(given.text()),
            given.origin(),
            allowedInFull());
  }

  /** The default; null: unset. */
  @Nullable Object initial(Path workingDirectory) {
    return option.initial().isEmpty()
        ? null
        : read(option.initial(), workingDirectory).orElseThrow();
  }

  /** The value that the text stands for; empty when it is not allowed. */
  Optional<Object> read(String text, Path workingDirectory) {
    if (type == String.class) {
      return option.pattern().isEmpty() || text.matches(option.pattern())
          ? Optional.of(text)
          : Optional.empty();
    }
    if (type == Path.class) {
      return path(text, workingDirectory);
    }
    if (type == boolean.class || type.isEnum()) {
      return constant(text);
    }
    var amount = amount(text);
    if (amount.isEmpty()
        || amount.getAsLong() < amount(option.min()).orElseThrow()
        || amount.getAsLong() > amount(option.max()).orElseThrow()) {
      return Optional.empty();
    }
    if (type == Duration.class) {
      return Optional.of(Duration.ofMillis(amount.getAsLong()));
    }
    if (type == int.class) {
      return Optional.of(Math.toIntExact(amount.getAsLong()));
    }
    return Optional.of(amount.getAsLong());
  }

  /** The value as it would be written in the file; of a secret only whether it is set. */
  String shown(@Nullable Object value) {
    if (value == null) {
      return "";
    }
    return option.secret() ? "(set)" : written(value);
  }

  private String written(Object value) {
    return switch (value) {
      case Duration time -> Quantity.text(time);
      case Long bytes when option.unit() == Option.Unit.BYTES -> Quantity.text(bytes);
      case Enum<?> constant -> constant.name().toLowerCase(Locale.ROOT);
      default -> value.toString();
    };
  }

  private OptionalLong amount(String text) {
    return switch (option.unit()) {
      case NONE -> Quantity.number(text);
      case TIME -> Quantity.milliseconds(text);
      case BYTES -> Quantity.bytes(text);
    };
  }

  private Optional<Object> constant(String text) {
    Object[] all = type.isEnum() ? type.getEnumConstants() : new Object[] {true, false};
    var word = text.strip().toLowerCase(Locale.ROOT);
    var meant =
        Arrays.stream(option.also())
            .filter(other -> other.startsWith(word + "="))
            .map(other -> other.substring(word.length() + 1))
            .findFirst()
            .orElse(word);
    return Arrays.stream(all).filter(constant -> written(constant).equals(meant)).findFirst();
  }

  private static Optional<Object> path(String text, Path workingDirectory) {
    try {
      return Optional.of(workingDirectory.resolve(text).toAbsolutePath().normalize());
    } catch (InvalidPathException notOne) {
      return Optional.empty();
    }
  }
}
