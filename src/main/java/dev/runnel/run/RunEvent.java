package dev.runnel.run;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One numbered fact of a run. {@code seq} starts at 1 and rises by 1 over all events of a run;
 * {@code at} is when it happened. The last event of every run is {@link Done}.
 */
public sealed interface RunEvent {

  long seq();

  Instant at();

  /** The run is now in this state; {@code exitCode} only with terminal ones. */
  record Status(long seq, Instant at, RunStatus status, @Nullable Integer exitCode)
      implements RunEvent {}

  /** Output, usually whole lines, at most 64 KiB; the bytes are as the script wrote them. */
  record Log(long seq, Instant at, Output output, byte[] bytes) implements RunEvent {
    /** Line feeds in it. */
    public long lines() {
      long lines = 0;
      for (var one : bytes) {
        lines += one == '\n' ? 1 : 0;
      }
      return lines;
    }
  }

  /** The return value. */
  record Result(long seq, Instant at, ReturnValue value) implements RunEvent {}

  /**
   * Events that the log limit removed.
   *
   * @param seq the last missing number
   * @param from the first missing number
   * @param bytes how many bytes of output they held; 0 when that is not known yet
   */
  record Gap(long seq, Instant at, long from, long bytes) implements RunEvent {}

  /** The run has ended; its record is committed. */
  record Done(
      long seq, Instant at, RunStatus status, @Nullable Integer exitCode, OutputTotals totals)
      implements RunEvent {}

  /** How much of the owner's memory the event takes, in bytes, near enough for limits. */
  default int weight() {
    return switch (this) {
      case Log log -> 96 + log.bytes().length;
      case Result result -> 96 + 2 * result.value().json().length();
      case Status _, Gap _, Done _ -> 160;
    };
  }
}
