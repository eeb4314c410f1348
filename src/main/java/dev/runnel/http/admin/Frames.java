package dev.runnel.http.admin;

import dev.runnel.http.ByteText;
import dev.runnel.http.Utf8Chunks;
import dev.runnel.run.Output;
import dev.runnel.run.Page;
import dev.runnel.run.RunEvent;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Events of one run as the frames of an event stream, for one follower.
 *
 * <p>A character that the border of two chunks tore apart arrives whole with the second one. If
 * none comes, its remains close the last chunk of that stream, as U+FFFD; should that chunk be out
 * already, they follow in a frame that repeats its seq and has no id.
 */
final class Frames {
  private static final int PER_FRAME = 256;

  private final Map<Output, Chunks> outputs = new EnumMap<>(Output.class);
  private long cachedMilli = Long.MIN_VALUE;
  private String cachedTime = "";

  Frames() {
    for (var output : Output.values()) {
      outputs.put(output, new Chunks());
    }
  }

  private static final class Chunks {
    final Utf8Chunks utf8 = new Utf8Chunks();
    long lastSeq;
    Instant lastAt = Instant.EPOCH;
  }

  /** What the follower has seen before it came back: only its torn characters matter. */
  void resume(Page seen, long since) {
    for (var event : seen.events()) {
      if (event instanceof RunEvent.Log log && log.seq() <= since) {
        note(log).whole(log.bytes());
      }
    }
  }

  /** All frames of a page, in one buffer. */
  Buffer of(Page page) {
    var text = new ByteText(size(page));
    if (page.ended()) {
      remainsOfAll(page, text);
    }
    for (int i = 0; i < page.events().size(); i++) {
      frame(page, i, text);
    }
    return text.toBuffer();
  }

  private void frame(Page page, int at, ByteText text) {
    var event = page.events().get(at);
    switch (event) {
      case RunEvent.Log log -> {
        head(log, "log", text).ascii(",\"stream\":\"").ascii(log.output().wire());
        text.ascii("\",\"line\":");
        var utf8 = note(log);
        var whole = utf8.whole(log.bytes());
        text.jsonString(
            page.ended() && isLast(page, at, log.output()) ? joined(whole, utf8.rest()) : whole);
      }
      case RunEvent.Status status -> {
        head(status, "status", text).ascii(",\"status\":\"").ascii(status.status().wire());
        text.ascii("\"");
        if (status.status().isTerminal()) {
          exitCode(status.exitCode(), text);
        }
      }
      case RunEvent.Result result -> {
        head(result, "result", text).ascii(",\"value\":").text(result.value().json());
        text.ascii(",\"format\":\"").ascii(result.value().format().wire()).ascii("\"");
        if (result.value().error() != null) {
          text.ascii(",\"error\":true");
        }
      }
      case RunEvent.Gap gap -> {
        remains(text);
        open(gap.seq(), "gap", text);
        text.ascii(",\"from\":").number(gap.from()).ascii(",\"to\":").number(gap.seq());
        text.ascii(",\"bytes\":").number(gap.bytes());
      }
      case RunEvent.Done done -> {
        head(done, "done", text).ascii(",\"status\":\"").ascii(done.status().wire()).ascii("\"");
        exitCode(done.exitCode(), text);
        text.ascii(",\"lastSeq\":").number(done.seq());
        text.ascii(",\"stdoutBytes\":").number(done.totals().stdoutBytes());
        text.ascii(",\"stderrBytes\":").number(done.totals().stderrBytes());
        sha256(",\"stdoutSha256\":", done.totals().stdoutSha256(), text);
        sha256(",\"stderrSha256\":", done.totals().stderrSha256(), text);
      }
    }
    text.ascii("}\n\n");
  }

  private ByteText head(RunEvent event, String type, ByteText text) {
    text.ascii("id: ").number(event.seq()).ascii("\n");
    return unnumbered(event.seq(), event.at(), type, text);
  }

  private ByteText unnumbered(long seq, Instant at, String type, ByteText text) {
    text.ascii("event: ").ascii(type).ascii("\ndata: {\"seq\":").number(seq);
    return text.ascii(",\"type\":\"").ascii(type).ascii("\",\"ts\":\"").ascii(time(at)).ascii("\"");
  }

  /** A gap has no time of its own. */
  private static void open(long seq, String type, ByteText text) {
    text.ascii("id: ").number(seq).ascii("\nevent: ").ascii(type);
    text.ascii("\ndata: {\"seq\":").number(seq).ascii(",\"type\":\"").ascii(type).ascii("\"");
  }

  private static void exitCode(@Nullable Integer exitCode, ByteText text) {
    text.ascii(",\"exitCode\":").ascii(exitCode == null ? "null" : exitCode.toString());
  }

  private static void sha256(String name, @Nullable String hex, ByteText text) {
    text.ascii(name).ascii(hex == null ? "null" : "\"" + hex + "\"");
  }

  private Utf8Chunks note(RunEvent.Log log) {
    var chunks = outputs.getOrDefault(log.output(), new Chunks());
    chunks.lastSeq = log.seq();
    chunks.lastAt = log.at();
    return chunks.utf8;
  }

  /** Streams of which nothing more comes: their remains must be out before the end. */
  private void remainsOfAll(Page page, ByteText text) {
    outputs.forEach((output, chunks) -> {
      if (page.events().stream()
          .noneMatch(event -> event instanceof RunEvent.Log log && log.output() == output)) {
        remains(output, chunks, text);
      }
    });
  }

  private void remains(ByteText text) {
    outputs.forEach((output, chunks) -> remains(output, chunks, text));
  }

  private void remains(Output output, Chunks chunks, ByteText text) {
    var rest = chunks.utf8.rest();
    if (rest.length > 0) {
      unnumbered(chunks.lastSeq, chunks.lastAt, "log", text).ascii(",\"stream\":\"");
      text.ascii(output.wire()).ascii("\",\"line\":").jsonString(rest).ascii("}\n\n");
    }
  }

  private static boolean isLast(Page page, int at, Output output) {
    return page.events().stream()
        .skip(at + 1L)
        .noneMatch(event -> event instanceof RunEvent.Log log && log.output() == output);
  }

  private static byte[] joined(byte[] whole, byte[] rest) {
    if (rest.length == 0) {
      return whole;
    }
    var both = Arrays.copyOf(whole, whole.length + rest.length);
    System.arraycopy(rest, 0, both, whole.length, rest.length);
    return both;
  }

  private String time(Instant at) {
    var milli = at.toEpochMilli();
    if (milli != cachedMilli) {
      cachedMilli = milli;
      cachedTime = Timestamps.of(at);
    }
    return cachedTime;
  }

  private static int size(Page page) {
    long size = 64;
    for (var event : page.events()) {
      size +=
          PER_FRAME
              + switch (event) {
                case RunEvent.Log log -> log.bytes().length + log.bytes().length / 16;
                case RunEvent.Result result ->
                    result.value().json().getBytes(StandardCharsets.UTF_8).length;
                case RunEvent.Status _, RunEvent.Gap _, RunEvent.Done _ -> 256;
              };
    }
    return (int) Math.min(size, 64L << 20);
  }
}
