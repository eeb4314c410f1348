package dev.runnel.http.admin;

import static dev.runnel.account.Role.SUPERUSER;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.databind.JsonNode;
import dev.runnel.bus.Runs;
import dev.runnel.http.Answer;
import dev.runnel.http.Call;
import dev.runnel.http.GapLine;
import dev.runnel.http.Ids;
import dev.runnel.http.Json;
import dev.runnel.http.Routes;
import dev.runnel.run.Output;
import dev.runnel.run.Run;
import dev.runnel.run.StoredOutput;
import dev.runnel.run.Tails;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a run printed, as one text: {@code full-output}, {@code programmatic-output}. */
final class OutputRoutes {
  /** Bytes of output in one answer. */
  private static final int MAX_OUTPUT = 32 << 20;

  /** Bytes of the end of the output in which a result is looked for. */
  private static final int TAIL = 64 * 1024;

  /** The same where lines are long. */
  private static final int LONG_TAIL = 1024 * 1024;

  private final Runs runs;

  private OutputRoutes(Runs runs) {
    this.runs = runs;
  }

  static void mount(Routes routes, Runs runs) {
    var here = new OutputRoutes(runs);
    routes.get(AdminDoor.BASE + "/runs/:runId/full-output", SUPERUSER, here::fullOutput);
    routes.get(AdminDoor.BASE + "/runs/:runId/programmatic-output", SUPERUSER, here::programmatic);
  }

  /** {@code nextOffset} is null when nothing is stored after this. */
  record FullOutput(
      String runId,
      String status,
      @Nullable Integer exitCode,
      String fullOutput,
      long outputSize,
      long lineCount,
      boolean truncated,
      @Nullable Long nextOffset,
      @Nullable String lastOutputUpdate,
      String createdAt,
      String updatedAt,
      @Nullable String startedAt,
      @Nullable String finishedAt) {}

  /** {@code isFinal}: nothing of this will change any more. */
  record ProgrammaticOutput(
      String runId,
      String status,
      @Nullable Integer exitCode,
      String programmaticOutput,
      String outputType,
      boolean isJson,
      @Nullable JsonNode parsedResult,
      String returnResult,
      String lastConsoleLog,
      @JsonRawValue @Nullable String result,
      @Nullable String resultFormat,
      @JsonProperty("final") boolean isFinal,
      String createdAt,
      String updatedAt,
      @Nullable String startedAt,
      @Nullable String finishedAt) {}

  /** The run that the path names; fails with this dialect's own 404. */
  static Future<Run> run(Runs runs, Call call) {
    return runs.find(id(call)).map(found -> found.orElseThrow(Refuse::unknownRun));
  }

  private static UUID id(Call call) {
    return Ids.uuid(call.path("runId")).orElseThrow(Refuse::unknownRun);
  }

  /** The stream that is asked for; null is both. */
  static @Nullable Output stream(Call call) {
    var stream = call.query("stream");
    return stream == null ? null : Words.of("stream", stream, Output.values());
  }

  private Future<Answer> fullOutput(Call call) {
    var offset = QueryNumber.of(call, "offset", 0, Integer.MAX_VALUE, 0);
    var limit = QueryNumber.of(call, "limit", 1, MAX_OUTPUT, MAX_OUTPUT);
    var output = stream(call);
    return run(runs, call)
        .compose(run ->
            runs.log(run.id(), output, offset, limit)
                .map(log -> Answer.ok(full(run, output, log, offset))));
  }

  private static FullOutput full(Run run, @Nullable Output output, StoredOutput log, long offset) {
    var missing = StoredOutput.Missing.of(log.missing(), run, output, log.totalBytes());
    var next = offset + log.bytes().length;
    return new FullOutput(
        run.id().toString(),
        run.status().wire(),
        run.outcome() == null ? null : run.outcome().exitCode(),
        text(new StoredOutput(log.bytes(), log.totalBytes(), missing), offset),
        run.totals().stdoutBytes() + run.totals().stderrBytes(),
        run.totals().lines(),
        output == null ? run.logTruncated() : !missing.isEmpty(),
        next < log.totalBytes() ? (Long) next : null,
        Timestamps.ofNullable(run.lastOutputAt()),
        Timestamps.of(run.createdAt()),
        Timestamps.of(run.updatedAt()),
        Timestamps.ofNullable(run.startedAt()),
        Timestamps.ofNullable(run.finishedAt()));
  }

  /** The text of this part of the output, with a line where bytes are missing. */
  static String text(StoredOutput log, long offset) {
    var text = new StringBuilder();
    var bytes = log.bytes();
    var done = 0;
    for (var missing : log.missing()) {
      var at = missing.offset() - offset;
      // A gap belongs to the byte after it; one at the very end to the last part.
      var isHere =
          at >= 0 && (at < bytes.length || (at == bytes.length && isEnd(log, missing.offset())));
      if (isHere) {
        text.append(new String(bytes, done, (int) at - done, StandardCharsets.UTF_8));
        done = (int) at;
        var afterLineEnd = done == 0 || bytes[done - 1] == '\n';
        text.append(GapLine.of(missing.bytes(), afterLineEnd));
      }
    }
    return text.append(new String(bytes, done, bytes.length - done, StandardCharsets.UTF_8))
        .toString();
  }

  private static boolean isEnd(StoredOutput log, long offset) {
    return offset == log.totalBytes();
  }

  private Future<Answer> programmatic(Call call) {
    return run(runs, call)
        .compose(run -> lastLines(run).map(lines -> Answer.ok(programmatic(run, lines))));
  }

  private Future<List<String>> lastLines(Run run) {
    // Of an active run no more may be in memory.
    var hasMore = run.status().isTerminal() && run.totals().stdoutBytes() > TAIL;
    return lastLines(run, TAIL)
        .compose(lines ->
            hasMore && lines.size() < Programmatic.SCANNED
                ? lastLines(run, LONG_TAIL)
                : Future.succeededFuture(lines));
  }

  private Future<List<String>> lastLines(Run run, int tail) {
    return runs.lastOutput(List.of(run.id()), tail)
        .map(tails -> Console.lines(tails.getOrDefault(run.id(), Tails.NONE).stdout(), tail));
  }

  private static ProgrammaticOutput programmatic(Run run, List<String> lines) {
    var value = run.value();
    var found = Programmatic.of(value, lines);
    return new ProgrammaticOutput(
        run.id().toString(),
        run.status().wire(),
        run.outcome() == null ? null : run.outcome().exitCode(),
        found.output(),
        found.type(),
        found.isJson(),
        found.isJson() ? Json.parsed(found.output()).orElse(null) : null,
        found.returned(),
        found.lastLine(),
        value == null ? null : value.json(),
        value == null ? null : value.format().wire(),
        run.status().isTerminal(),
        Timestamps.of(run.createdAt()),
        Timestamps.of(run.updatedAt()),
        Timestamps.ofNullable(run.startedAt()),
        Timestamps.ofNullable(run.finishedAt()));
  }
}
