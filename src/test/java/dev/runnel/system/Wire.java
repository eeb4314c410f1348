package dev.runnel.system;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * A kept connection on which one request is said again and again. It does as little as a client
 * can: one write, one read as a rule, and of the answer no more than its length, its status and
 * whether it holds what it should. So what is measured is the service and not its caller.
 */
final class Wire implements AutoCloseable {
  private static final byte[] LENGTH = ascii("content-length: ");
  private static final byte[] OK = ascii("HTTP/1.1 20");

  private final SocketChannel channel;
  private final ByteBuffer request;
  private final ByteBuffer answer = ByteBuffer.allocate(256 * 1024);
  private final byte[] expected;

  /**
   * Connects.
   *
   * @param expected has to stand in each answer
   */
  Wire(String url, byte[] request, String expected) throws IOException {
    this.channel = connected(url);
    this.request = ByteBuffer.wrap(request);
    this.expected = ascii(expected);
  }

  static SocketChannel connected(String url) throws IOException {
    var at = URI.create(url);
    var channel = SocketChannel.open(new InetSocketAddress(at.getHost(), at.getPort()));
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    return channel;
  }

  /** A whole request, ready to be sent. */
  static byte[] request(String method, String path, String token, String body) {
    return ascii(
        "%s %s HTTP/1.1\r\nHost: x\r\nAuthorization: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(method, path, token, body.length(), body));
  }

  /** Asks and waits for the whole answer; answers how many nanoseconds it took. */
  long exchange() throws IOException {
    var start = System.nanoTime();
    say();
    var complete = more();
    while (!complete) {
      complete = more();
    }
    var nanos = System.nanoTime() - start;
    check();
    return nanos;
  }

  /** Sends the request; an answer to the last one must have come. */
  void say() throws IOException {
    answer.clear();
    request.rewind();
    while (request.hasRemaining()) {
      channel.write(request);
    }
  }

  /** Reads once; whether the answer is complete. */
  boolean more() throws IOException {
    if (channel.read(answer) < 0) {
      throw new EOFException("The service closed the connection");
    }
    var bytes = answer.array();
    var head = headEnd(bytes, answer.position());
    return head >= 0 && answer.position() >= head + bodyLength(bytes, head);
  }

  /** Refuses a complete answer that is not what is expected. */
  void check() throws IOException {
    var bytes = answer.array();
    if (!startsWith(bytes, 0, OK) || find(bytes, 0, answer.position(), expected) < 0) {
      throw new IOException("Not what was asked for: " + text());
    }
  }

  /** The status of a complete answer. */
  int status() {
    return Integer.parseInt(new String(answer.array(), 9, 3, StandardCharsets.US_ASCII));
  }

  /** A complete answer as it came. */
  String text() {
    return new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8);
  }

  SocketChannel channel() {
    return channel;
  }

  private static int headEnd(byte[] bytes, int count) {
    for (var i = 3; i < count; i++) {
      if (bytes[i] == '\n' && bytes[i - 2] == '\n') {
        return i + 1;
      }
    }
    return -1;
  }

  private static int bodyLength(byte[] bytes, int head) {
    var at = find(bytes, 0, head, LENGTH);
    if (at < 0) {
      throw new IllegalStateException("An answer without a length");
    }
    var length = 0;
    for (var i = at + LENGTH.length; bytes[i] >= '0' && bytes[i] <= '9'; i++) {
      length = 10 * length + bytes[i] - '0';
    }
    return length;
  }

  /** Names of headers in small letters: the first letter may be either. */
  private static int find(byte[] bytes, int from, int to, byte[] wanted) {
    for (var i = from; i + wanted.length <= to; i++) {
      if (startsWith(bytes, i, wanted)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean startsWith(byte[] bytes, int at, byte[] wanted) {
    for (var i = 0; i < wanted.length; i++) {
      if (bytes[at + i] != wanted[i]) {
        return false;
      }
    }
    return true;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
