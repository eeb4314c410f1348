package dev.runnel.store;

import dev.runnel.bus.RunWrite;
import dev.runnel.run.Door;
import dev.runnel.run.Invocation;
import dev.runnel.run.Meta;
import dev.runnel.run.Outcome;
import dev.runnel.run.OutputTotals;
import dev.runnel.run.Reason;
import dev.runnel.run.ResultFormat;
import dev.runnel.run.ReturnValue;
import dev.runnel.run.Run;
import dev.runnel.run.RunRequest;
import dev.runnel.run.RunStatus;
import dev.runnel.run.ScriptStamp;
import dev.runnel.run.Trigger;
import dev.runnel.script.Language;
import dev.runnel.script.Runner;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A row of {@code runs} as a record; the columns stand in the order in which they are read. */
final class RunRow {
  static final String COLUMNS =
      """
      id, task_id, script_id,
      script_name, code_identifier, coalesce(script_title, script_name), language, runner, content_version, sha256,
      args, function, timeout_ms, door, trigger, status,
      actor_type, actor_id, meta_door, ip, user_agent, request_id, rerun_of,
      created_at, started_at, finished_at, updated_at,
      reason, exit_code, signal, error_message, killed_processes, cpu_us, peak_memory_bytes,
      result, result_format, result_error,
      stdout_bytes, stderr_bytes, stdout_sha256, stderr_sha256, lines,
      log_truncated, last_output_at, last_seq
      """;

  /** What an engine needs beside the record; {@code text} comes from the version or the run. */
  static final String CLAIMED_COLUMNS =
      COLUMNS
          + """
          , coalesce(text, (SELECT v.text FROM script_versions v
                             WHERE v.script_id = taken.script_id AND v.version = content_version)),
          env, working_directory, limit_cpu_seconds, limit_memory_bytes, limit_processes,
          limit_open_files, limit_file_size_bytes
          """;

  private RunRow() {}

  static Run run(Row row) {
    return run(new Cells(row));
  }

  /** {@code invocation} null: the text is gone. */
  record Taken(Run run, @Nullable Invocation invocation) {
    RunWrite.Claimed claimed() {
      return new RunWrite.Claimed(run, java.util.Objects.requireNonNull(invocation));
    }
  }

  static Taken taken(Row row, SealedEnv env) {
    var cells = new Cells(row);
    var run = run(cells);
    var text = cells.textOrNull();
    if (text == null) {
      return new Taken(run, null);
    }
    return new Taken(
        run,
        new Invocation(
            run.script(),
            text,
            run.request().args(),
            run.request().function(),
            env.open(cells.bytes()),
            cells.text(),
            run.request().timeout(),
            cells.limits()));
  }

  /** The record of a run that was just stored. */
  static Run fresh(UUID id, long taskId, RunRequest request, Instant now, boolean running) {
    var invocation = request.invocation();
    var at = Cells.stored(now);
    return new Run(
        id,
        taskId,
        request.scriptId(),
        invocation.script(),
        new Run.Request(invocation.args(), invocation.function(), invocation.timeout()),
        request.door(),
        request.trigger(),
        running ? RunStatus.RUNNING : RunStatus.QUEUED,
        request.meta(),
        at,
        running ? at : null,
        null,
        at,
        null,
        null,
        OutputTotals.NONE,
        false,
        null,
        1);
  }

  private static Run run(Cells cells) {
    var id = cells.uuid();
    var taskId = cells.big();
    var scriptId = cells.uuidOrNull();
    var stamp =
        new ScriptStamp(
            cells.text(),
            cells.text(),
            cells.text(),
            cells.word(Language.class),
            cells.word(Runner.class),
            cells.big(),
            cells.text());
    var request =
        new Run.Request(cells.texts(), cells.textOrNull(), Duration.ofMillis(cells.big()));
    var door = cells.word(Door.class);
    var trigger = cells.word(Trigger.class);
    var status = cells.word(RunStatus.class);
    var meta =
        new Meta(
            cells.text(),
            cells.textOrNull(),
            cells.text(),
            cells.textOrNull(),
            cells.textOrNull(),
            cells.textOrNull(),
            cells.uuidOrNull());
    return new Run(
        id,
        taskId,
        scriptId,
        stamp,
        request,
        door,
        trigger,
        status,
        meta,
        cells.instant(),
        cells.instantOrNull(),
        cells.instantOrNull(),
        cells.instant(),
        outcome(cells, status),
        value(cells),
        totals(cells),
        cells.flag(),
        cells.instantOrNull(),
        cells.big());
  }

  private static @Nullable Outcome outcome(Cells cells, RunStatus status) {
    var outcome =
        new Outcome(
            status,
            cells.wordOrNull(Reason.class),
            cells.numberOrNull(),
            cells.textOrNull(),
            cells.textOrNull(),
            cells.number(),
            cells.microsOrNull(),
            cells.bigOrNull());
    return status.isTerminal() ? outcome : null;
  }

  private static @Nullable ReturnValue value(Cells cells) {
    var json = cells.textOrNull();
    var format = cells.wordOrNull(ResultFormat.class);
    var error = cells.textOrNull();
    return json == null || format == null ? null : new ReturnValue(json, format, error);
  }

  private static OutputTotals totals(Cells cells) {
    var stdoutBytes = cells.big();
    var stderrBytes = cells.big();
    return new OutputTotals(
        stdoutBytes,
        stderrBytes,
        sha256(stdoutBytes, cells.textOrNull()),
        sha256(stderrBytes, cells.textOrNull()),
        cells.big());
  }

  private static @Nullable String sha256(long bytes, @Nullable String stored) {
    return stored == null && bytes == 0 ? OutputTotals.EMPTY_SHA256 : stored;
  }
}
