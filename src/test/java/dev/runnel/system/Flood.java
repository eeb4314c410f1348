package dev.runnel.system;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A run that prints lines of 200 bytes as fast as it may, and one follower who takes them as fast
 * as it can. Each event must come once, in order, or stand in a gap that says so.
 */
final class Flood {
  private static final int LINE = 200;
  private static final int TRIES = 5;
  private static final byte[] GAP = ascii("event: gap\n");
  private static final byte[] GAP_FROM = ascii("\"from\":");
  private static final byte[] DONE = ascii("event: done\n");
  private static final byte[] DONE_BYTES = ascii("\"stdoutBytes\":");

  private long lines;
  private long gaps;
  private long printed = -1;
  private long lastId;

  /**
   * What one follower got.
   *
   * @param megabytes of output that came, in millions of bytes, without frames and gaps
   * @param leftOut the same of what was printed too and not sent, as the gaps say
   */
  record Got(double megabytes, double leftOut, double seconds, CpuTimes perMegabyte) {
    double perSecond() {
      return megabytes / seconds;
    }
  }

  private Flood() {}

  /** A definition whose run prints so many millions of bytes; answers its id. */
  static String script(Client client, int megabytes) {
    return client.create(
        "flood-" + megabytes,
        "bash",
        "yes %s | head -c %d000000".formatted("x".repeat(LINE - 1), megabytes),
        Map.of());
  }

  /**
   * Starts a run and follows it to its end.
   *
   * @param stalled so many others follow and take nothing
   */
  static Got follow(ServiceProcess service, String token, String script, int stalled)
      throws IOException {
    var flood = new Flood();
    var run = service.client().run(script);
    var before = CpuTimes.of(service);
    double seconds;
    try (var others = new Crowd(service.url(), token, run)) {
      for (var i = 0; i < stalled; i++) {
        others.stalled();
      }
      var start = System.nanoTime();
      flood.read(service.url(), token, run);
      seconds = (System.nanoTime() - start) / 1e9;
    }
    var megabytes = flood.lines * LINE / 1e6;
    var left = flood.printed / 1e6 - megabytes;
    if (flood.printed < 0 || (flood.gaps == 0 && left != 0)) {
      throw new AssertionError("%s MB are missing without a word".formatted(left));
    }
    return new Got(
        megabytes,
        left,
        seconds,
        CpuTimes.of(service).since(before).per((int) Math.max(1, megabytes)));
  }

  /** A stream that ends before its run is asked for again from where it was. */
  private void read(String url, String token, String run) throws IOException {
    for (var tries = 0; printed < 0 && tries < TRIES; tries++) {
      var parser = new EventParser(this::frame);
      try (var channel = Wire.connected(url)) {
        channel.write(ByteBuffer.wrap(request(token, run, lastId)));
        var buffer = ByteBuffer.allocateDirect(512 * 1024);
        while (!parser.hasEnded()) {
          if (channel.read(buffer.clear()) < 0) {
            throw new EOFException("The service closed the stream");
          }
          parser.take(buffer.flip());
        }
      }
    }
  }

  /** Follows this run from its beginning. */
  static byte[] request(String token, String run) {
    return request(token, run, 0);
  }

  private static byte[] request(String token, String run, long since) {
    return ascii(
        "GET /api/admin/scripts/runs/%s/stream HTTP/1.1\r\nHost: x\r\nAuthorization: %s\r\nLast-Event-ID: %d\r\n\r\n"
            .formatted(run, token, since));
  }

  private void frame(long id, byte[] bytes, int from, int to) {
    if (id < 0) {
      return;
    }
    var gap = EventParser.find(bytes, from, Math.min(to, from + 64), GAP);
    var first = gap > 0 ? numberAfter(bytes, gap, to, GAP_FROM) : id;
    if (first != lastId + 1) {
      throw new AssertionError("Event " + first + " after " + lastId);
    }
    lastId = id;
    if (gap > 0) {
      gaps++;
      return;
    }
    var done = EventParser.find(bytes, from, Math.min(to, from + 64), DONE);
    if (done > 0) {
      printed = numberAfter(bytes, done, to, DONE_BYTES);
      return;
    }
    long count = 0;
    for (var i = from; i < to; i++) {
      count += bytes[i] == '\\' ? 1 : 0; // as many as line ends
    }
    lines += count;
  }

  private static long numberAfter(byte[] bytes, int from, int to, byte[] name) {
    return EventParser.number(bytes, EventParser.find(bytes, from, to, name) + name.length);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
