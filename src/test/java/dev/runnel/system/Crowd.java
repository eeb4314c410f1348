package dev.runnel.system;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Many followers of one run whose script prints the numbers from 1 on, each on a line of its own.
 * All are read by one thread; each checks that it gets every event and every line once and in
 * order.
 */
final class Crowd implements AutoCloseable {
  private static final byte[] LOG = ascii("event: log\n");
  private static final byte[] LINE = ascii("\"line\":\"");

  private static final int AT_ONCE = 100;

  private final Selector selector = Selector.open();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(256 * 1024);
  private final List<Follower> followers = new ArrayList<>();
  private final List<Follower> stalled = new ArrayList<>();
  private final String url;
  private final byte[] request;

  Crowd(String url, String token, String run) throws IOException {
    this.url = url;
    this.request = Flood.request(token, run);
  }

  /** One follower and how far it has come. */
  static final class Follower {
    private final SocketChannel channel;
    private final EventParser parser = new EventParser(this::frame);
    private long lastId;
    private long lines;
    private long logs;
    private long comments;

    private Follower(SocketChannel channel) {
      this.channel = channel;
    }

    /** The number of the last event. */
    long lastId() {
      return lastId;
    }

    long lines() {
      return lines;
    }

    /** How many log events brought them. */
    long logs() {
      return logs;
    }

    /** Frames that are no events: pings, and the first that sets the time to come back. */
    long comments() {
      return comments;
    }

    boolean isAnswered() {
      return parser.hasBegun();
    }

    /** At least the first event has come. */
    boolean hasBegun() {
      return lastId > 0;
    }

    boolean hasEnded() {
      return parser.hasEnded();
    }

    private void frame(long id, byte[] bytes, int from, int to) {
      if (id < 0) {
        comments++;
        return;
      }
      if (id != lastId + 1) {
        throw new AssertionError("Event " + id + " after " + lastId);
      }
      lastId = id;
      if (EventParser.find(bytes, from, Math.min(to, from + 64), LOG) > 0) {
        logs++;
        lines(bytes, EventParser.find(bytes, from, to, LINE) + LINE.length);
      }
    }

    private void lines(byte[] bytes, int from) {
      var at = from;
      while (bytes[at] != '"') {
        var number = EventParser.number(bytes, at);
        if (number != lines + 1) {
          throw new AssertionError("Line " + number + " after " + lines);
        }
        lines = number;
        at = EventParser.find(bytes, at, bytes.length, ascii("\\n")) + 2;
      }
    }
  }

  /** So many more follow, {@value #AT_ONCE} at a time. */
  Crowd join(int count) throws IOException {
    for (var i = 0; i < count; i++) {
      var channel = Wire.connected(url);
      channel.write(ByteBuffer.wrap(request));
      add(new Follower(channel));
      if (i % AT_ONCE == AT_ONCE - 1) {
        until(Follower::isAnswered, Duration.ofSeconds(30));
      }
    }
    return this;
  }

  /** Asks to follow as well and takes not a byte until it is woken; not one of the others. */
  Follower stalled() throws IOException {
    var at = URI.create(url);
    var channel = SocketChannel.open();
    channel.setOption(StandardSocketOptions.SO_RCVBUF, 4_096);
    channel.connect(new InetSocketAddress(at.getHost(), at.getPort()));
    channel.write(ByteBuffer.wrap(request));
    var follower = new Follower(channel);
    stalled.add(follower);
    return follower;
  }

  /** Reads again, as one of the others. */
  void wake(Follower sleeper) throws IOException {
    stalled.remove(sleeper);
    add(sleeper);
  }

  private void add(Follower follower) throws IOException {
    follower.channel.configureBlocking(false);
    follower.channel.register(selector, SelectionKey.OP_READ, follower);
    followers.add(follower);
  }

  List<Follower> followers() {
    return followers;
  }

  /** Reads until this holds for all of them. */
  void until(Predicate<Follower> reached, Duration patience) throws IOException {
    var deadline = System.nanoTime() + patience.toNanos();
    while (!followers.stream().allMatch(reached)) {
      var left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new AssertionError(
            followers.stream().filter(reached.negate()).count() + " followers lag");
      }
      read(left);
    }
  }

  private void read(long millis) throws IOException {
    selector.select(millis);
    for (var key : selector.selectedKeys()) {
      var follower = (Follower) key.attachment();
      var count = follower.channel.read(buffer.clear());
      if (count < 0 && !follower.hasEnded()) {
        throw new AssertionError("The service closed a stream after event " + follower.lastId);
      }
      if (count < 0) {
        key.cancel();
      } else {
        follower.parser.take(buffer.flip());
      }
    }
    selector.selectedKeys().clear();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void close() throws IOException {
    for (var follower : followers) {
      follower.channel.close();
    }
    for (var follower : stalled) {
      follower.channel.close();
    }
    selector.close();
  }
}
