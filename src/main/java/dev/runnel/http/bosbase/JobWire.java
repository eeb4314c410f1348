package dev.runnel.http.bosbase;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.runnel.http.EndedRun;
import dev.runnel.run.Run;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An asynchronous execution as this dialect shows it; what is not known yet is left out. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record JobWire(
    String id,
    String scriptName,
    @Nullable String functionName,
    List<String> args,
    String status,
    String startedAt,
    @Nullable String finishedAt,
    @Nullable String output,
    @Nullable String stdout,
    @Nullable String stderr,
    @Nullable Integer exitCode,
    @Nullable String error,
    @Nullable String duration) {

  /** The answer to a start. */
  record Started(String id, String status) {
    static Started of(Run run) {
      return new Started(run.id().toString(), "running");
    }
  }

  /** Queued and running are the same here. */
  static JobWire running(Run run) {
    return new JobWire(
        run.id().toString(),
        run.script().name(),
        run.request().function(),
        run.request().args(),
        "running",
        startedAt(run),
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  static JobWire ended(Run run, EndedRun ended) {
    return new JobWire(
        run.id().toString(),
        run.script().name(),
        run.request().function(),
        run.request().args(),
        status(run),
        startedAt(run),
        finishedAt(run),
        ExecutionWire.whole(ended),
        ended.stdout(),
        ended.stderr(),
        ended.exitCode(),
        error(run),
        duration(run));
  }

  static String status(Run run) {
    return switch (run.status()) {
      case QUEUED, RUNNING -> "running";
      case SUCCEEDED -> "done";
      case FAILED, CANCELED, TIMED_OUT -> "error";
    };
  }

  static String startedAt(Run run) {
    return Timestamps.job(at(run.startedAt(), run));
  }

  static String finishedAt(Run run) {
    return Timestamps.job(at(run.finishedAt(), run));
  }

  static @Nullable String error(Run run) {
    var outcome = run.outcome();
    return status(run).equals("error")
        ? RunFailure.text(
            run.status(), outcome == null ? null : outcome.exitCode(), Optional.of(run))
        : null;
  }

  static String duration(Run run) {
    return GoDuration.of(run.duration() == null ? Duration.ZERO : run.duration());
  }

  private static Instant at(@Nullable Instant time, Run run) {
    return time == null ? run.createdAt() : time;
  }
}
