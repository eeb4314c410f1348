package dev.runnel.http.admin;

import dev.runnel.config.LimitOptions;
import dev.runnel.http.Fields;
import dev.runnel.problem.Problem;
import dev.runnel.script.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a definition may use. What it does not say is the service's default; more than the service's
 * maximum is refused.
 */
final class LimitsInput {
  private static final long MIN_TIMEOUT_MS = 100;

  private final LimitOptions options;
  private final List<Problem.Detail> wrong = new ArrayList<>();

  private LimitsInput(LimitOptions options) {
    this.options = options;
  }

  /** Null: not mentioned. */
  static @Nullable Limits of(Fields body, LimitOptions options) {
    var given = body.object("limits");
    return given == null ? null : new LimitsInput(options).read(given);
  }

  /** Zero: the default; null: not mentioned. */
  static @Nullable Duration timeout(Fields body, LimitOptions options) {
    if (!body.mentions("timeoutMs")) {
      return null;
    }
    var given = body.integer("timeoutMs");
    if (given == null || given == 0) {
      return Duration.ZERO;
    }
    var longest = options.timeMax().toMillis();
    if (given < MIN_TIMEOUT_MS || given > longest) {
      throw new Problem.Invalid(
          "timeoutMs", "timeoutMs must be from " + MIN_TIMEOUT_MS + " to " + longest);
    }
    return Duration.ofMillis(given);
  }

  private Limits read(Fields given) {
    var limits =
        new Limits(
            amount(given, "cpuSeconds", options.cpuMax().plusMillis(999).toSeconds()),
            amount(given, "memoryBytes", options.memoryMax()),
            amount(given, "processes", options.processesMax()),
            amount(given, "openFiles", options.openFilesMax()),
            amount(given, "fileSizeBytes", options.fileSizeMax()));
    if (!wrong.isEmpty()) {
      throw new Problem.Invalid(wrong);
    }
    return limits;
  }

  /** {@code max} zero is any. */
  private @Nullable Long amount(Fields given, String name, long max) {
    var amount = given.integer(name);
    var path = given.pathOf(name);
    if (amount != null && amount <= 0) {
      wrong.add(new Problem.Detail(path, path + " must be greater than 0"));
    } else if (amount != null && max > 0 && amount > max) {
      wrong.add(
          new Problem.Detail(path, path + " must be at most " + max + ", the server's maximum"));
    }
    return amount;
  }
}
