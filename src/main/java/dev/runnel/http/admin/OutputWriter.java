package dev.runnel.http.admin;

import dev.runnel.bus.Runs;
import dev.runnel.http.GapLine;
import dev.runnel.http.Sink;
import dev.runnel.run.Output;
import dev.runnel.run.Page;
import dev.runnel.run.Run;
import dev.runnel.run.RunEvent;
import dev.runnel.run.StoredOutput;
import dev.runnel.run.StoredPlace;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the stored output of one run: reads a page, writes it, and reads the next when the socket
 * has taken it. Holds one page at most. What cannot be written to its end is broken off.
 */
final class OutputWriter {
  private static final int PAGE_BYTES = 256 * 1024;

  private final Runs runs;
  private final Run run;
  private final @Nullable Output output;
  private final Sink sink;
  private final boolean marksGaps;
  private final @Nullable Long lost;
  private final boolean isWhole;
  private long since;
  private long skip;
  private long left;
  private boolean afterLineEnd = true;

  private OutputWriter(
      Runs runs,
      Run run,
      @Nullable Output output,
      Sink sink,
      boolean marksGaps,
      @Nullable Long lost,
      @Nullable StoredPlace from,
      long length) {
    this.runs = runs;
    this.run = run;
    this.output = output;
    this.sink = sink;
    this.marksGaps = marksGaps;
    this.lost = lost;
    this.isWhole = from == null;
    this.since = from == null ? 0 : from.seq() - 1;
    this.skip = from == null ? 0 : from.skip();
    this.left = length;
  }

  /**
   * All that is stored, with a line where some is missing.
   *
   * @param missing where and how much; null: as the events say
   */
  static OutputWriter text(
      Runs runs,
      Run run,
      @Nullable Output output,
      @Nullable List<StoredOutput.Missing> missing,
      Sink sink) {
    var marksGaps = missing == null || !missing.isEmpty();
    var lost = missing == null || missing.isEmpty() ? null : (Long) missing.getFirst().bytes();
    return new OutputWriter(runs, run, output, sink, marksGaps, lost, null, Long.MAX_VALUE);
  }

  /** All that is stored, byte for byte. */
  static OutputWriter raw(Runs runs, Run run, @Nullable Output output, Sink sink) {
    return new OutputWriter(runs, run, output, sink, false, null, null, Long.MAX_VALUE);
  }

  /** Just so many bytes from this place on. */
  static OutputWriter part(
      Runs runs, Run run, @Nullable Output output, StoredPlace from, long length, Sink sink) {
    return new OutputWriter(runs, run, output, sink, false, null, from, length);
  }

  /** Writes this first. */
  void begin(String head) {
    sink.write(Buffer.buffer(head)).onSuccess(_ -> begin());
  }

  void begin() {
    if (left == 0) {
      sink.end();
      return;
    }
    runs.stored(run.id(), since, PAGE_BYTES)
        .onSuccess(this::take)
        // A caller who got a length or a last chunk would take it for the whole.
        .onFailure(_ -> sink.abort());
  }

  private void take(Page page) {
    var bytes = Buffer.buffer();
    for (var event : page.events()) {
      since = event.seq();
      switch (event) {
        case RunEvent.Log log -> add(log, bytes);
        case RunEvent.Gap gap -> mark(gap, bytes);
        case RunEvent.Status _, RunEvent.Result _, RunEvent.Done _ -> {}
      }
    }
    // Of an active run what there was at the beginning: it could go on for ever.
    var isOver = page.ended() || page.events().isEmpty() || since >= run.lastSeq();
    if (bytes.length() == 0) {
      next(isOver);
    } else {
      sink.write(bytes).onSuccess(_ -> next(isOver));
    }
  }

  private void next(boolean isOver) {
    if (!isOver) {
      begin();
    } else if (left == 0 || (isWhole && (since >= run.lastSeq() || !run.status().isTerminal()))) {
      sink.end();
    } else {
      sink.abort();
    }
  }

  private void add(RunEvent.Log log, Buffer bytes) {
    if (output != null && log.output() != output) {
      return;
    }
    var all = log.bytes();
    var from = (int) Math.min(skip, all.length);
    var count = (int) Math.min(left, all.length - from);
    skip -= from;
    left -= count;
    bytes.appendBytes(all, from, count);
    afterLineEnd = all.length == 0 ? afterLineEnd : all[all.length - 1] == '\n';
  }

  private void mark(RunEvent.Gap gap, Buffer bytes) {
    if (marksGaps) {
      var line = GapLine.of(lost == null ? gap.bytes() : lost, afterLineEnd);
      bytes.appendString(line, StandardCharsets.UTF_8.name());
      afterLineEnd = true;
    }
  }
}
