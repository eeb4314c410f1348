package dev.runnel.script;

import dev.runnel.problem.Problem;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What of a start counts its runs apart: a script's limit then holds for each value of it. */
public sealed interface ConcurrencyKey {

  /** The {@code number}-th argument, from 1. */
  record Argument(int number) implements ConcurrencyKey {}

  /** A header of the request, whatever the case of its name. */
  record Header(String name) implements ConcurrencyKey {}

  /** The largest number of an argument. */
  int MAX_ARGUMENT = 100;

  /** As definitions write it: {@code arg:1}, {@code header:X-Tenant}. */
  default String wire() {
    return switch (this) {
      case Argument(var number) -> "arg:" + number;
      case Header(var name) -> "header:" + name;
    };
  }

  /** Reads what {@link #wire} writes; fails with {@code Invalid("concurrencyKey", …)}. */
  static ConcurrencyKey of(String wire) {
    var argument = Syntax.ARGUMENT.matcher(wire);
    if (argument.matches() && Integer.parseInt(argument.group(1)) <= MAX_ARGUMENT) {
      return new Argument(Integer.parseInt(argument.group(1)));
    }
    var header = Syntax.HEADER.matcher(wire);
    if (header.matches()) {
      return new Header(header.group(1));
    }
    throw new Problem.Invalid(
        "concurrencyKey",
        "concurrencyKey must be arg:N with N from 1 to "
            + MAX_ARGUMENT
            + ", or header:NAME with the name of a request header");
  }

  /** The value that this start has; the empty text when it has none. */
  default String value(List<String> args, Function<String, @Nullable String> header) {
    return switch (this) {
      case Argument(var number) -> number <= args.size() ? args.get(number - 1) : "";
      case Header(var name) -> {
        var given = header.apply(name);
        yield given == null ? "" : given;
      }
    };
  }

  /** The two notations. */
  final class Syntax {
    private static final Pattern ARGUMENT = Pattern.compile("arg:([1-9][0-9]{0,2})");
    private static final Pattern HEADER = Pattern.compile("header:([A-Za-z0-9_-]{1,100})");

    private Syntax() {}
  }
}
