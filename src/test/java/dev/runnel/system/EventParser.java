package dev.runnel.system;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Takes a chunked event stream apart as it comes off the socket: head, chunks, frames. It makes no
 * object for a frame, so thousands of followers fit into one thread of a test.
 */
final class EventParser {
  private static final byte[] ID = "id: ".getBytes(StandardCharsets.US_ASCII);

  /** Told of every frame: its bytes without the blank line at its end. */
  interface Frames {
    /**
     * The next frame.
     *
     * @param id of the frame, -1 for those without one
     */
    void frame(long id, byte[] bytes, int from, int to);
  }

  private enum State {
    HEAD,
    SIZE,
    CHUNK,
    CHUNK_END,
    ENDED
  }

  private final Frames frames;
  private final StringBuilder head = new StringBuilder();
  private State state = State.HEAD;
  private byte[] body = new byte[512];
  private int length;
  private int left;

  EventParser(Frames frames) {
    this.frames = frames;
  }

  /** The whole stream has come. */
  boolean hasEnded() {
    return state == State.ENDED;
  }

  /** The service has begun to answer, with 200. */
  boolean hasBegun() {
    return state != State.HEAD;
  }

  /** Takes all these bytes. */
  void take(ByteBuffer bytes) {
    while (bytes.hasRemaining() && state != State.ENDED) {
      switch (state) {
        case HEAD -> head(bytes.get(), bytes);
        case SIZE -> size(bytes.get());
        case CHUNK -> chunk(bytes);
        case CHUNK_END -> state = bytes.get() == '\n' ? State.SIZE : State.CHUNK_END;
        case ENDED -> throw new IllegalStateException();
      }
    }
    split();
  }

  private void head(byte next, ByteBuffer bytes) {
    head.append((char) next);
    if (next == '\n' && head.indexOf("\r\n\r\n", head.length() - 4) >= 0) {
      if (!head.toString().startsWith("HTTP/1.1 200")) {
        throw new IllegalStateException(head + rest(bytes));
      }
      head.setLength(0);
      head.trimToSize();
      state = State.SIZE;
    }
  }

  private static String rest(ByteBuffer bytes) {
    var rest = new byte[bytes.remaining()];
    bytes.get(rest);
    return new String(rest, StandardCharsets.UTF_8);
  }

  private void size(byte next) {
    if (next == '\n') {
      state = left == 0 ? State.ENDED : State.CHUNK;
    } else if (next != '\r') {
      left = 16 * left + Character.digit(next, 16);
    }
  }

  private void chunk(ByteBuffer bytes) {
    var count = Math.min(left, bytes.remaining());
    if (body.length - length < count) {
      body = Arrays.copyOf(body, Math.max(length + count, 2 * body.length));
    }
    bytes.get(body, length, count);
    length += count;
    left -= count;
    if (left == 0) {
      state = State.CHUNK_END;
    }
  }

  private void split() {
    var from = 0;
    for (var i = 1; i < length; i++) {
      if (body[i] == '\n' && body[i - 1] == '\n') {
        frames.frame(id(from), body, from, i - 1);
        from = i + 1;
        i++;
      }
    }
    if (from > 0) {
      System.arraycopy(body, from, body, 0, length - from);
      length -= from;
    }
  }

  private long id(int from) {
    if (!startsWith(body, from, ID)) {
      return -1;
    }
    return number(body, from + ID.length);
  }

  /** The decimal number that begins here. */
  static long number(byte[] bytes, int at) {
    long number = 0;
    for (var i = at; bytes[i] >= '0' && bytes[i] <= '9'; i++) {
      number = 10 * number + bytes[i] - '0';
    }
    return number;
  }

  static boolean startsWith(byte[] bytes, int at, byte[] wanted) {
    return at + wanted.length <= bytes.length
        && Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length);
  }

  /** Where these bytes stand between the two places, -1 if nowhere. */
  static int find(byte[] bytes, int from, int to, byte[] wanted) {
    for (var i = from; i + wanted.length <= to; i++) {
      if (bytes[i] == wanted[0] && startsWith(bytes, i, wanted)) {
        return i;
      }
    }
    return -1;
  }
}
