package dev.runnel.http;

import dev.runnel.run.Output;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** What a run printed, collected chunk by chunk up to a limit, as UTF-8. */
final class Printed {
  private final long limit;
  private final ByteArrayOutputStream merged = new ByteArrayOutputStream();
  private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
  private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
  private final Utf8Chunks stdoutChunks = new Utf8Chunks();
  private final Utf8Chunks stderrChunks = new Utf8Chunks();

  /** {@code limit} of both streams, in bytes. */
  Printed(long limit) {
    this.limit = limit;
  }

  /** False when it does not fit; then nothing is added. */
  boolean add(Output output, byte[] bytes) {
    if (merged.size() + (long) bytes.length > limit) {
      return false;
    }
    switch (output) {
      case STDOUT -> add(stdout, stdoutChunks.whole(bytes));
      case STDERR -> add(stderr, stderrChunks.whole(bytes));
    }
    return true;
  }

  /** Says in every text that so much is missing here. */
  void gap(long bytes) {
    end();
    var marker = GapLine.bytes(bytes, false);
    merged.writeBytes(marker);
    stdout.writeBytes(marker);
    stderr.writeBytes(marker);
  }

  /** What began as a character and never became one is part of the text too. */
  void end() {
    add(stdout, stdoutChunks.rest());
    add(stderr, stderrChunks.rest());
  }

  String merged() {
    return merged.toString(StandardCharsets.UTF_8);
  }

  String stdout() {
    return stdout.toString(StandardCharsets.UTF_8);
  }

  String stderr() {
    return stderr.toString(StandardCharsets.UTF_8);
  }

  private void add(ByteArrayOutputStream stream, byte[] whole) {
    stream.writeBytes(whole);
    merged.writeBytes(whole);
  }
}
