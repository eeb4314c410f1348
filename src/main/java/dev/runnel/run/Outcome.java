package dev.runnel.run;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How an execution ended, as the engine saw it.
 *
 * @param status a terminal state
 * @param exitCode 128 + n for signal n; null when no process ever started
 * @param signal the last signal that the engine sent ({@code SIGTERM}, {@code SIGKILL}), else null
 * @param killedProcesses how many processes had to be killed at the end
 * @param cpu processor time of the leading process and its reaped children
 * @param peakMemoryBytes largest resident size of the leading process, null when unknown
 */
public record Outcome(
    RunStatus status,
    @Nullable Reason reason,
    @Nullable Integer exitCode,
    @Nullable String signal,
    @Nullable String errorMessage,
    int killedProcesses,
    @Nullable Duration cpu,
    @Nullable Long peakMemoryBytes) {

  /** Nothing was started, and nothing will be. */
  public static Outcome neverStarted(
      RunStatus status, @Nullable Reason reason, @Nullable String errorMessage) {
    return new Outcome(status, reason, null, null, errorMessage, 0, null, null);
  }
}
