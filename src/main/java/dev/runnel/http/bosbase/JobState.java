package dev.runnel.http.bosbase;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.runnel.bus.Runs;
import dev.runnel.http.EndedRun;
import dev.runnel.http.RunEnd;
import dev.runnel.run.Run;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What every kind of job shows of its run; what is not known yet is left out. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record JobState(
    String id,
    String status,
    String startedAt,
    @Nullable String finishedAt,
    @Nullable String output,
    @Nullable String stdout,
    @Nullable String stderr,
    @Nullable Integer exitCode,
    @Nullable String error,
    @Nullable String duration) {

  /** The answer to a start: queued and running are the same here. */
  record Started(String id, String status) {
    static Started of(Run run) {
      return new Started(run.id().toString(), "running");
    }
  }

  /** As it is now; fails with {@code Unavailable} when whoever asks has gone. */
  static Future<JobState> of(Runs runs, Run run, long readable, Future<Void> gone) {
    return run.status().isTerminal()
        ? RunEnd.of(runs, run.id(), readable, gone).map(ended -> ended(run, ended))
        : Future.succeededFuture(running(run));
  }

  private static JobState running(Run run) {
    return new JobState(
        run.id().toString(),
        status(run),
        Timestamps.job(startedAt(run)),
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  private static JobState ended(Run run, EndedRun ended) {
    return new JobState(
        run.id().toString(),
        status(run),
        Timestamps.job(startedAt(run)),
        Timestamps.job(run.finishedAt() == null ? run.createdAt() : run.finishedAt()),
        ExecutionWire.whole(ended),
        ended.stdout(),
        ended.stderr(),
        ended.exitCode(),
        error(run),
        GoDuration.of(run.duration() == null ? Duration.ZERO : run.duration()));
  }

  private static String status(Run run) {
    return switch (run.status()) {
      case QUEUED, RUNNING -> "running";
      case SUCCEEDED -> "done";
      case FAILED, CANCELED, TIMED_OUT -> "error";
    };
  }

  private static Instant startedAt(Run run) {
    return run.startedAt() == null ? run.createdAt() : run.startedAt();
  }

  private static @Nullable String error(Run run) {
    var outcome = run.outcome();
    return status(run).equals("error")
        ? RunFailure.text(
            run.status(), outcome == null ? null : outcome.exitCode(), Optional.of(run))
        : null;
  }
}
