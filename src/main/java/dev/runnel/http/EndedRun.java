package dev.runnel.http;

import dev.runnel.run.ReturnValue;
import dev.runnel.run.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a run ended and what it printed; output over the log limit is replaced by a line that says
 * so.
 *
 * @param output both streams in the order of arrival
 * @param started null when it never did
 */
public record EndedRun(
    UUID id,
    RunStatus status,
    @Nullable Integer exitCode,
    @Nullable Instant started,
    Instant finished,
    String output,
    String stdout,
    String stderr,
    @Nullable ReturnValue value) {

  /** Its turn did not come in time. */
  public boolean waitedTooLong() {
    return status == RunStatus.TIMED_OUT && started == null;
  }

  /** Zero when it never started. */
  public Duration duration() {
    return started == null ? Duration.ZERO : Duration.between(started, finished);
  }
}
