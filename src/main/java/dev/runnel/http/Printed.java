package dev.runnel.http;

import dev.runnel.run.Output;
import dev.runnel.run.OutputTotals;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** What a run printed, collected chunk by chunk up to a limit, as UTF-8. */
final class Printed {
  private final long limit;
  private final ByteArrayOutputStream merged = new ByteArrayOutputStream();
  private final Stream stdout = new Stream();
  private final Stream stderr = new Stream();

  /** {@code limit} of both streams, in bytes. */
  Printed(long limit) {
    this.limit = limit;
  }

  /** False when it does not fit; then nothing is added. */
  boolean add(Output output, byte[] bytes) {
    if (merged.size() + (long) bytes.length > limit) {
      return false;
    }
    var stream =
        switch (output) {
          case STDOUT -> stdout;
          case STDERR -> stderr;
        };
    stream.taken += bytes.length;
    add(stream, stream.chunks.whole(bytes));
    return true;
  }

  /** Says that so much of both streams is missing here. */
  void gap(long bytes) {
    end();
    merged.writeBytes(GapLine.bytes(bytes, false));
    stdout.mark();
    stderr.mark();
  }

  /** What began as a character and never became one is part of the text too. */
  void end() {
    add(stdout, stdout.chunks.rest());
    add(stderr, stderr.chunks.rest());
  }

  String merged() {
    return merged.toString(StandardCharsets.UTF_8);
  }

  /** With a line where some is missing of what the run printed there. */
  String stdout(OutputTotals totals) {
    return stdout.text(totals.stdoutBytes());
  }

  /** See {@link #stdout}. */
  String stderr(OutputTotals totals) {
    return stderr.text(totals.stderrBytes());
  }

  private void add(Stream stream, byte[] whole) {
    stream.bytes.writeBytes(whole);
    merged.writeBytes(whole);
  }

  /** One stream: a gap in the output of both is not always one in each. */
  private static final class Stream {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Utf8Chunks chunks = new Utf8Chunks();
    private long taken;
    private int firstGap = -1;

    void mark() {
      firstGap = firstGap < 0 ? bytes.size() : firstGap;
    }

    String text(long printed) {
      var all = bytes.toByteArray();
      if (firstGap < 0 || printed <= taken) {
        return new String(all, StandardCharsets.UTF_8);
      }
      return new String(all, 0, firstGap, StandardCharsets.UTF_8)
          + GapLine.of(printed - taken, false)
          + new String(all, firstGap, all.length - firstGap, StandardCharsets.UTF_8);
    }
  }
}
