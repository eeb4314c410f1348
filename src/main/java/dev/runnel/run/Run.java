package dev.runnel.run;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The record of one execution, the same for every door.
 *
 * @param id UUIDv7; every door's job, run or execution id
 * @param taskId the same row as a small number
 * @param scriptId null for what is not stored
 * @param request what was asked: arguments and function, for those who show it
 * @param startedAt when its process was started; null while queued
 * @param outcome null until the run has ended
 * @param value null when nothing was returned
 * @param logTruncated the log limit removed some of the output
 * @param lastOutputAt when something was last printed
 */
public record Run(
    UUID id,
    long taskId,
    @Nullable UUID scriptId,
    ScriptStamp script,
    Request request,
    Door door,
    Trigger trigger,
    RunStatus status,
    Meta meta,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    Instant updatedAt,
    @Nullable Outcome outcome,
    @Nullable ReturnValue value,
    OutputTotals totals,
    boolean logTruncated,
    @Nullable Instant lastOutputAt,
    long lastSeq) {

  /** The caller's part of an invocation that a record may show. */
  public record Request(List<String> args, @Nullable String function, Duration timeout) {}

  /** From the start of the process to the end; null while it has not ended or never started. */
  public @Nullable Duration duration() {
    return startedAt == null || finishedAt == null ? null : Duration.between(startedAt, finishedAt);
  }
}
