package dev.runnel.execution;

import dev.runnel.run.Output;
import dev.runnel.run.RunEvent;
import java.time.Instant;

/**
 * The newest output of a run that prints more than is kept, in the same memory all the time. The
 * memory comes as it is needed and goes with the ring.
 */
final class OutputRing {
  private static final int SEGMENT = 512 * 1024;

  private final byte[][] segments;
  private long written;

  /**
   * @param newest bytes of output that are still here at any time, at least
   */
  OutputRing(long newest) {
    this.segments = new byte[Math.toIntExact(newest / SEGMENT + 2)][];
  }

  /** Takes a copy of these bytes, no more than 64 KiB. */
  LogChunk add(long seq, Instant at, Output output, byte[] bytes, int from, int size) {
    var chunk = new Place(seq, at, output, written, size);
    for (int done = 0; done < size; ) {
      var segment = segment(written);
      var start = (int) (written % SEGMENT);
      var count = Math.min(size - done, SEGMENT - start);
      System.arraycopy(bytes, from + done, segment, start, count);
      done += count;
      written += count;
    }
    return chunk;
  }

  private byte[] segment(long position) {
    var index = (int) (position / SEGMENT % segments.length);
    if (segments[index] == null) {
      segments[index] = new byte[SEGMENT];
    }
    return segments[index];
  }

  private byte[] copy(long position, int size) {
    if (written - position > (long) (segments.length - 1) * SEGMENT) {
      throw new IllegalStateException("The output was written over");
    }
    var bytes = new byte[size];
    for (int done = 0; done < size; ) {
      var start = (int) ((position + done) % SEGMENT);
      var count = Math.min(size - done, SEGMENT - start);
      System.arraycopy(segment(position + done), start, bytes, done, count);
      done += count;
    }
    return bytes;
  }

  private final class Place implements LogChunk {
    private final long seq;
    private final Instant at;
    private final Output output;
    private final long position;
    private final int size;

    Place(long seq, Instant at, Output output, long position, int size) {
      this.seq = seq;
      this.at = at;
      this.output = output;
      this.position = position;
      this.size = size;
    }

    @Override
    public long seq() {
      return seq;
    }

    @Override
    public Instant at() {
      return at;
    }

    @Override
    public Output output() {
      return output;
    }

    @Override
    public int size() {
      return size;
    }

    @Override
    public RunEvent.Log log() {
      return new RunEvent.Log(seq, at, output, copy(position, size));
    }
  }
}
