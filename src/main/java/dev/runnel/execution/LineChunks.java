package dev.runnel.execution;

import java.util.Arrays;

/**
 * Cuts one output stream into chunks for log events: whole lines where there are any, at most 64
 * KiB. What is not due yet is held back; the owner decides when silence or pace makes it due.
 */
final class LineChunks {

  /** Takes a chunk; the array belongs to the caller, who will write over it. */
  interface Sink {
    void accept(byte[] bytes, int from, int size);
  }

  /** Largest chunk, in bytes. */
  static final int MAX = 64 * 1024;

  /** A line that is still open is cut when it is this long, in bytes. */
  static final int LONG_LINE = 8 * 1024;

  private static final byte[] NOTHING = {};

  private final Sink sink;
  private byte[] held = NOTHING;
  private int from;
  private int to;

  LineChunks(Sink sink) {
    this.sink = sink;
  }

  /** Copies the first {@code size} bytes; emits only what does not fit any more. */
  void add(byte[] bytes, int size) {
    makeRoom(size);
    System.arraycopy(bytes, 0, held, to, size);
    to += size;
    while (to - from > MAX) {
      var end = lastLineEnd(from + MAX);
      emit(end > from ? end : from + MAX);
    }
  }

  boolean isEmpty() {
    return from == to;
  }

  /** Emits the whole lines that are held, and the open line after them if it is long. */
  void emitLines() {
    var end = lastLineEnd(to);
    if (end > from) {
      emit(end);
    }
    if (to - from >= LONG_LINE) {
      emitAll();
    }
  }

  /** Emits everything that is held. */
  void emitAll() {
    if (to > from) {
      emit(to);
    }
  }

  private void emit(int end) {
    var start = from;
    from = end;
    sink.accept(held, start, end - start);
    if (from == to) {
      from = 0;
      to = 0;
    }
  }

  /** The end of the last whole line before {@code end}; {@code from} when there is none. */
  private int lastLineEnd(int end) {
    for (var i = end; i > from; i--) {
      if (held[i - 1] == '\n') {
        return i;
      }
    }
    return from;
  }

  private void makeRoom(int size) {
    if (held.length - to >= size) {
      return;
    }
    var open = to - from;
    if (held.length < open + size) {
      // Little for those who print little; twice the largest chunk lasts for a flood.
      var grown = new byte[Math.max(open + size, held.length == 0 ? 0 : 2 * MAX)];
      System.arraycopy(held, from, grown, 0, open);
      held = grown;
    } else {
      System.arraycopy(held, from, held, 0, open);
    }
    from = 0;
    to = open;
  }

  /** The bytes of a chunk in an array of their own. */
  static byte[] copy(byte[] bytes, int from, int size) {
    return Arrays.copyOfRange(bytes, from, from + size);
  }
}
