package dev.runnel.execution;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Writes given bytes into a pipe that a child reads, then closes it. */
final class Feed {
  private final int descriptor;
  private final byte[] bytes;
  private final Reactor reactor;
  private int written;
  private boolean open = true;

  Feed(int descriptor, byte[] bytes, Reactor reactor) {
    this.descriptor = descriptor;
    this.bytes = bytes;
    this.reactor = reactor;
  }

  /** Begins to write; below zero when the kernel refuses. */
  int watch() {
    return reactor.watch(descriptor, Native.EPOLLOUT, this::ready);
  }

  /** A child that does not want its input is no error: the rest is dropped. */
  private void ready() {
    if (!open) {
      return;
    }
    var buffer = reactor.buffer();
    int count = (int) Math.min(buffer.byteSize(), bytes.length - written);
    var chunk = buffer.asSlice(0, count);
    MemorySegment.copy(bytes, written, chunk, ValueLayout.JAVA_BYTE, 0, count);
    long result = Native.write(descriptor, chunk);
    if (result >= 0) {
      written += (int) result;
    }
    boolean refused = result < 0 && result != -Errno.EAGAIN && result != -Errno.EINTR;
    if (refused || written == bytes.length) {
      close();
    }
  }

  /** On the reactor's thread. */
  void close() {
    if (open) {
      open = false;
      reactor.unwatch(descriptor);
      Native.close(descriptor);
    }
  }
}
