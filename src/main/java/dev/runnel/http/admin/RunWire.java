package dev.runnel.http.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.runnel.run.Meta;
import dev.runnel.run.Outcome;
import dev.runnel.run.Reason;
import dev.runnel.run.Run;
import dev.runnel.run.ScriptStamp;
import dev.runnel.run.Tails;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A run as this dialect shows it; null where the run has not come so far. */
record RunWire(
    @JsonProperty("_id") String mongoId,
    String id,
    long taskId,
    @Nullable String scriptId,
    Script script,
    String status,
    @Nullable String reason,
    String trigger,
    Meta meta,
    List<String> args,
    long timeoutMs,
    @Nullable String startedAt,
    @Nullable String finishedAt,
    @Nullable Long durationMs,
    @Nullable Integer exitCode,
    @Nullable String signal,
    @Nullable String errorMessage,
    int killedProcesses,
    @Nullable Long cpuMs,
    @Nullable Long peakMemoryBytes,
    String outputTail,
    String consoleTail,
    String stdoutTail,
    String stderrTail,
    @JsonRawValue @Nullable String result,
    @Nullable String resultFormat,
    @Nullable String resultError,
    String programmaticOutput,
    String outputType,
    String returnResult,
    String lastConsoleLog,
    long outputSize,
    long stdoutBytes,
    long stderrBytes,
    @Nullable String stdoutSha256,
    @Nullable String stderrSha256,
    long lineCount,
    @Nullable String lastOutputUpdate,
    boolean logTruncated,
    long lastSeq,
    String createdAt,
    String updatedAt) {

  /** What ran, as it was then. */
  record Script(
      String name, String codeIdentifier, String type, String runner, long version, String sha256) {

    static Script of(ScriptStamp stamp) {
      return new Script(
          stamp.title(),
          stamp.codeIdentifier(),
          stamp.language().wire(),
          stamp.runner().wire(),
          stamp.version(),
          stamp.sha256());
    }
  }

  /** {@code tail}: at most so many bytes of each stream are shown. */
  static RunWire of(Run run, Tails tails, int tail) {
    var outcome = run.outcome();
    var value = run.value();
    var programmatic = Programmatic.of(value, Console.lines(tails.stdout(), tail));
    var console = Console.text(tails.merged(), tail);
    return new RunWire(
        run.id().toString(),
        run.id().toString(),
        run.taskId(),
        run.scriptId() == null ? null : run.scriptId().toString(),
        Script.of(run.script()),
        run.status().wire(),
        reason(outcome),
        run.trigger().wire(),
        run.meta(),
        run.request().args(),
        run.request().timeout().toMillis(),
        Timestamps.ofNullable(run.startedAt()),
        Timestamps.ofNullable(run.finishedAt()),
        millis(run.duration()),
        outcome == null ? null : outcome.exitCode(),
        outcome == null ? null : outcome.signal(),
        outcome == null ? null : outcome.errorMessage(),
        outcome == null ? 0 : outcome.killedProcesses(),
        outcome == null ? null : millis(outcome.cpu()),
        outcome == null ? null : outcome.peakMemoryBytes(),
        console,
        console,
        Console.text(tails.stdout(), tail),
        Console.text(tails.stderr(), tail),
        value == null ? null : value.json(),
        value == null ? null : value.format().wire(),
        value == null ? null : value.error(),
        programmatic.output(),
        programmatic.type(),
        programmatic.returned(),
        programmatic.lastLine(),
        run.totals().stdoutBytes() + run.totals().stderrBytes(),
        run.totals().stdoutBytes(),
        run.totals().stderrBytes(),
        run.totals().stdoutSha256(),
        run.totals().stderrSha256(),
        run.totals().lines(),
        Timestamps.ofNullable(run.lastOutputAt()),
        run.logTruncated(),
        run.lastSeq(),
        Timestamps.of(run.createdAt()),
        Timestamps.of(run.updatedAt()));
  }

  private static @Nullable String reason(@Nullable Outcome outcome) {
    Reason reason = outcome == null ? null : outcome.reason();
    return reason == null ? null : reason.wire();
  }

  private static @Nullable Long millis(@Nullable Duration duration) {
    return duration == null ? null : duration.toMillis();
  }
}
