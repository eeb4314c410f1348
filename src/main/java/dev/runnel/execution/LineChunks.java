package dev.runnel.execution;

import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Cuts one output stream into chunks for log events: whole lines where there are any, at most 64
 * KiB. What is not due yet is held back; the owner decides when silence or pace makes it due.
 */
final class LineChunks {
  /** Largest chunk, in bytes. */
  static final int MAX = 64 * 1024;

  /** A line that is still open is cut when it is this long, in bytes. */
  static final int LONG_LINE = 8 * 1024;

  private final Consumer<byte[]> sink;
  private byte[] held = new byte[0];

  LineChunks(Consumer<byte[]> sink) {
    this.sink = sink;
  }

  /** Takes bytes over; emits only what does not fit any more. */
  void add(byte[] bytes) {
    held = held.length == 0 ? bytes : joined(held, bytes);
    while (held.length > MAX) {
      var end = lastLineEnd(held, MAX);
      emit(end > 0 ? end : MAX);
    }
  }

  boolean isEmpty() {
    return held.length == 0;
  }

  /** Emits the whole lines that are held, and the open line after them if it is long. */
  void emitLines() {
    var end = lastLineEnd(held, held.length);
    if (end > 0) {
      emit(end);
    }
    if (held.length >= LONG_LINE) {
      emitAll();
    }
  }

  /** Emits everything that is held. */
  void emitAll() {
    if (held.length > 0) {
      emit(held.length);
    }
  }

  private void emit(int length) {
    var chunk = length == held.length ? held : Arrays.copyOf(held, length);
    held = length == held.length ? new byte[0] : Arrays.copyOfRange(held, length, held.length);
    sink.accept(chunk);
  }

  private static int lastLineEnd(byte[] bytes, int length) {
    for (var i = length; i > 0; i--) {
      if (bytes[i - 1] == '\n') {
        return i;
      }
    }
    return 0;
  }

  private static byte[] joined(byte[] first, byte[] second) {
    var both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
