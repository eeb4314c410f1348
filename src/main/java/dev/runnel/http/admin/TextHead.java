package dev.runnel.http.admin;

import dev.runnel.run.Run;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The lines above the output in a downloaded text. */
final class TextHead {
  private static final String NOT_YET = "N/A";

  private TextHead() {}

  static String of(Run run) {
    var exitCode = run.outcome() == null ? null : run.outcome().exitCode();
    var size = run.totals().stdoutBytes() + run.totals().stderrBytes();
    return "Script Run ID: %s\n".formatted(run.id())
        + "Status: %s\n".formatted(run.status().wire())
        + "Exit Code: %s\n".formatted(exitCode == null ? NOT_YET : exitCode.toString())
        + "Started: %s\n".formatted(time(Timestamps.ofNullable(run.startedAt())))
        + "Finished: %s\n".formatted(time(Timestamps.ofNullable(run.finishedAt())))
        + "Output Size: %d characters\n".formatted(size)
        + "Line Count: %d\n".formatted(run.totals().lines())
        + "Created: %s\n".formatted(Timestamps.of(run.createdAt()))
        + "=".repeat(50)
        + "\n";
  }

  private static String time(@Nullable String time) {
    return Objects.requireNonNullElse(time, NOT_YET);
  }
}
