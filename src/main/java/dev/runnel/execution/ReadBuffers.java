package dev.runnel.execution;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Arrays for what is read from pipes, used again: a flood of output must not be a flood of garbage,
 * for which the heap would grow. What is short is copied into an array of its own.
 */
final class ReadBuffers {
  /** Length of an array that is used again; the most that is read at a time. */
  static final int SIZE = 64 * 1024;

  private static final int SHORT = 4 * 1024;
  private static final BlockingQueue<byte[]> FREE = new ArrayBlockingQueue<>(64);

  private ReadBuffers() {}

  /** An array that begins with these bytes and, unless they are few, has {@link #SIZE}. */
  static byte[] of(MemorySegment read) {
    if (read.byteSize() <= SHORT) {
      return read.toArray(ValueLayout.JAVA_BYTE);
    }
    var free = FREE.poll();
    var bytes = free == null ? new byte[SIZE] : free;
    MemorySegment.copy(read, ValueLayout.JAVA_BYTE, 0, bytes, 0, (int) read.byteSize());
    return bytes;
  }

  /** Nobody looks at this array any more. */
  static void done(byte[] bytes) {
    if (bytes.length == SIZE) {
      // More of them than there is room for are garbage.
      var _ = FREE.offer(bytes);
    }
  }
}
