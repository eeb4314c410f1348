package dev.runnel.http.admin;

import static dev.runnel.account.Role.SUPERUSER;

import dev.runnel.bus.Runs;
import dev.runnel.http.Answer;
import dev.runnel.http.ByteRange;
import dev.runnel.http.Call;
import dev.runnel.http.Routes;
import dev.runnel.problem.Problem;
import dev.runnel.run.Output;
import dev.runnel.run.Run;
import dev.runnel.run.StoredOutput;
import dev.runnel.run.StoredPlace;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@code /runs/:runId/download}: stored output as a file, as a text with a head or, with {@code
 * raw=1}, byte for byte. The bytes of a run that has ended never change: they have a length, an
 * entity tag and ranges. Of an active run it is what is stored now, in one piece.
 */
final class DownloadRoutes {
  private final Runs runs;

  private DownloadRoutes(Runs runs) {
    this.runs = runs;
  }

  static void mount(Routes routes, Runs runs) {
    var here = new DownloadRoutes(runs);
    routes.get(AdminDoor.BASE + "/runs/:runId/download", SUPERUSER, here::download);
  }

  private Future<Answer> download(Call call) {
    var output = OutputRoutes.stream(call);
    var raw = raw(call.query("raw"));
    return OutputRoutes.run(runs, call)
        .compose(run -> raw ? raw(call, run, output) : text(run, output));
  }

  private static boolean raw(@Nullable String given) {
    return switch (Objects.requireNonNullElse(given, "0")) {
      case "1", "true" -> true;
      case "0", "false" -> false;
      default -> throw new Problem.Invalid("raw", "raw must be 1 or 0");
    };
  }

  private Future<Answer> text(Run run, @Nullable Output output) {
    return output == null || !run.logTruncated()
        ? Future.succeededFuture(text(run, output, null))
        : runs.place(run.id(), output, 0)
            .map(start -> text(run, output, missing(run, output, start)));
  }

  private Answer text(
      Run run, @Nullable Output output, @Nullable List<StoredOutput.Missing> missing) {
    var headers =
        Map.of(
            "Content-Type", "text/plain; charset=utf-8",
            "Content-Disposition", "attachment; filename=\"" + textName(run) + "\"",
            "Accept-Ranges", "none");
    return new Answer.Stream(
        200,
        headers,
        sink -> OutputWriter.text(runs, run, output, missing, sink).begin(TextHead.of(run)));
  }

  private Future<Answer> raw(Call call, Run run, @Nullable Output output) {
    return runs.place(run.id(), output, 0)
        .compose(start -> {
          var headers = rawHeaders(run, output, start);
          if (!run.status().isTerminal()) {
            headers.put("Accept-Ranges", "none");
            return Future.succeededFuture(
                new Answer.Stream(
                    200, headers, sink -> OutputWriter.raw(runs, run, output, sink).begin()));
          }
          return ended(call, run, output, start, headers);
        });
  }

  private Future<Answer> ended(
      Call call, Run run, @Nullable Output output, StoredPlace start, Map<String, String> headers) {
    var tag = tag(run, output);
    headers.put("Accept-Ranges", "bytes");
    headers.put("ETag", tag);
    if (matches(call.header("If-None-Match"), tag)) {
      return Future.succeededFuture(new Answer.Empty(304, headers));
    }
    var sameAsBefore = call.header("If-Range") == null || tag.equals(call.header("If-Range"));
    var wanted = call.isHead() || !sameAsBefore ? null : call.header("Range");
    return switch (ByteRange.of(wanted, start.totalBytes())) {
      case ByteRange.Whole _ ->
          Future.succeededFuture(bytes(200, run, output, start, start.totalBytes(), headers));
      case ByteRange.Nothing _ -> {
        headers.put("Content-Range", "bytes */" + start.totalBytes());
        yield Future.succeededFuture(new Answer.Empty(416, headers));
      }
      case ByteRange.Part part -> {
        headers.put(
            "Content-Range",
            "bytes " + part.first() + "-" + part.last() + "/" + start.totalBytes());
        yield runs.place(run.id(), output, part.first())
            .map(place -> bytes(206, run, output, place, part.length(), headers));
      }
    };
  }

  private Answer bytes(
      int status,
      Run run,
      @Nullable Output output,
      StoredPlace from,
      long length,
      Map<String, String> headers) {
    headers.put("Content-Length", Long.toString(length));
    return new Answer.Stream(
        status, headers, sink -> OutputWriter.part(runs, run, output, from, length, sink).begin());
  }

  /** What the bytes cannot say themselves: where some are missing. */
  private static Map<String, String> rawHeaders(
      Run run, @Nullable Output output, StoredPlace start) {
    var headers = new LinkedHashMap<String, String>();
    headers.put("Content-Type", "application/octet-stream");
    headers.put(
        "Content-Disposition",
        "attachment; filename=\"run-" + run.id() + suffix(output) + ".log\"");
    var missing = missing(run, output, start);
    var truncated = output == null ? run.logTruncated() : !missing.isEmpty();
    headers.put("X-Log-Truncated", Boolean.toString(truncated));
    if (!missing.isEmpty()) {
      var gap = missing.getFirst();
      headers.put("X-Log-Gap", "offset=" + gap.offset() + "; bytes=" + gap.bytes());
    }
    return headers;
  }

  private static List<StoredOutput.Missing> missing(
      Run run, @Nullable Output output, StoredPlace start) {
    return StoredOutput.Missing.of(start.missing(), run, output, start.totalBytes());
  }

  private static String suffix(@Nullable Output output) {
    return output == null ? "" : "-" + output.wire();
  }

  private static String tag(Run run, @Nullable Output output) {
    return "\"" + run.id() + "-" + run.lastSeq() + suffix(output) + "\"";
  }

  private static boolean matches(@Nullable String given, String tag) {
    return given != null && (given.contains(tag) || given.strip().equals("*"));
  }

  private static String textName(Run run) {
    var created = Timestamps.of(run.createdAt()).substring(0, 19).replace(':', '-');
    return "script-output-" + run.id() + "-" + created + ".txt";
  }
}
