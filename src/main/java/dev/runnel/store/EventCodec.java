package dev.runnel.store;

import dev.runnel.run.Output;
import dev.runnel.run.OutputTotals;
import dev.runnel.run.ResultFormat;
import dev.runnel.run.ReturnValue;
import dev.runnel.run.RunEvent;
import dev.runnel.run.RunStatus;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;

/** An event as a row of {@code run_log}: output as raw bytes, all else as JSON. */
final class EventCodec {
  static final short STDOUT = 1;
  static final short STDERR = 2;
  static final short STATUS = 3;
  static final short RESULT = 4;
  static final short GAP = 5;
  static final short DONE = 6;

  /** What {@link #read} reads, in this order. */
  static final String COLUMNS = "seq, at, kind, data";

  private EventCodec() {}

  /** Adds four arrays, one element for each event: seq, at, kind, data. */
  static Tuple add(Tuple values, List<RunEvent> events) {
    return values
        .addArrayOfLong(events.stream().map(RunEvent::seq).toArray(Long[]::new))
        .addArrayOfOffsetDateTime(
            events.stream().map(event -> Cells.at(event.at())).toArray(OffsetDateTime[]::new))
        .addArrayOfShort(events.stream().map(EventCodec::kind).toArray(Short[]::new))
        .addArrayOfBuffer(events.stream().map(EventCodec::data).toArray(Buffer[]::new));
  }

  static RunEvent read(Row row) {
    var cells = new Cells(row);
    return event(cells.big(), cells.instant(), cells.small(), cells.bytes());
  }

  static short kind(Output output) {
    return switch (output) {
      case STDOUT -> STDOUT;
      case STDERR -> STDERR;
    };
  }

  private static short kind(RunEvent event) {
    return switch (event) {
      case RunEvent.Log log -> kind(log.output());
      case RunEvent.Status _ -> STATUS;
      case RunEvent.Result _ -> RESULT;
      case RunEvent.Gap _ -> GAP;
      case RunEvent.Done _ -> DONE;
    };
  }

  private static Buffer data(RunEvent event) {
    return switch (event) {
      case RunEvent.Log log -> Buffer.buffer(log.bytes());
      case RunEvent.Status(_, _, var status, var exitCode) -> {
        var json = JsonObject.of("status", status.wire());
        yield (exitCode == null ? json : json.put("exitCode", exitCode)).toBuffer();
      }
      case RunEvent.Result(_, _, var value) ->
          JsonObject.of(
                  "json", value.json(), "format", value.format().wire(), "error", value.error())
              .toBuffer();
      case RunEvent.Gap gap -> JsonObject.of("from", gap.from(), "bytes", gap.bytes()).toBuffer();
      case RunEvent.Done(_, _, var status, var exitCode, var totals) ->
          JsonObject.of("status", status.wire(), "exitCode", exitCode)
              .put("stdoutBytes", totals.stdoutBytes())
              .put("stderrBytes", totals.stderrBytes())
              .put("stdoutSha256", totals.stdoutSha256())
              .put("stderrSha256", totals.stderrSha256())
              .put("lines", totals.lines())
              .toBuffer();
    };
  }

  private static RunEvent event(long seq, Instant at, short kind, Buffer data) {
    return switch (kind) {
      case STDOUT -> new RunEvent.Log(seq, at, Output.STDOUT, data.getBytes());
      case STDERR -> new RunEvent.Log(seq, at, Output.STDERR, data.getBytes());
      case STATUS -> status(seq, at, new JsonObject(data));
      case RESULT -> new RunEvent.Result(seq, at, value(new JsonObject(data)));
      case GAP -> gap(seq, at, new JsonObject(data));
      case DONE -> done(seq, at, new JsonObject(data));
      default -> throw new IllegalStateException("Unknown kind of event " + kind);
    };
  }

  private static RunEvent status(long seq, Instant at, JsonObject json) {
    return new RunEvent.Status(seq, at, state(json), json.getInteger("exitCode"));
  }

  private static RunEvent gap(long seq, Instant at, JsonObject json) {
    return new RunEvent.Gap(seq, at, json.getLong("from"), json.getLong("bytes"));
  }

  private static RunEvent done(long seq, Instant at, JsonObject json) {
    var totals =
        new OutputTotals(
            json.getLong("stdoutBytes"),
            json.getLong("stderrBytes"),
            json.getString("stdoutSha256"),
            json.getString("stderrSha256"),
            json.getLong("lines"));
    return new RunEvent.Done(seq, at, state(json), json.getInteger("exitCode"), totals);
  }

  private static ReturnValue value(JsonObject json) {
    var format = ResultFormat.valueOf(json.getString("format").toUpperCase(Locale.ROOT));
    return new ReturnValue(json.getString("json"), format, json.getString("error"));
  }

  private static RunStatus state(JsonObject json) {
    return RunStatus.valueOf(json.getString("status").toUpperCase(Locale.ROOT));
  }
}
