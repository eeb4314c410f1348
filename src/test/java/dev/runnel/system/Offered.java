package dev.runnel.system;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Requests at a rate of their own, whether answers come or not: on an idle connection, or on a new
 * one when there is none. One thread.
 */
final class Offered {
  /** One request's answer and what it took. */
  record Answered(int status, double seconds, String text) {}

  private static final class Asking {
    final Wire wire;
    long since;

    Asking(Wire wire) {
      this.wire = wire;
    }
  }

  private final String url;
  private final byte[] request;
  private final ArrayDeque<Asking> idle = new ArrayDeque<>();
  private final List<Answered> answers = new ArrayList<>();
  private final List<Asking> all = new ArrayList<>();

  private Offered(String url, byte[] request) {
    this.url = url;
    this.request = request;
  }

  /** {@code count} requests, {@code perSecond}; comes back when all are answered. */
  static List<Answered> requests(String url, byte[] request, int count, double perSecond)
      throws IOException {
    var here = new Offered(url, request);
    try (var selector = Selector.open()) {
      here.ask(selector, count, perSecond);
    } finally {
      for (var asking : here.all) {
        asking.wire.close();
      }
    }
    return here.answers;
  }

  private void ask(Selector selector, int count, double perSecond) throws IOException {
    var begin = System.nanoTime();
    for (var asked = 0; answers.size() < count; ) {
      var now = System.nanoTime();
      for (; asked < count && now >= due(begin, asked, perSecond); asked++) {
        say(selector);
      }
      // Not sooner than after a millisecond: who asks shares the processors with who answers.
      var wait = asked < count ? due(begin, asked, perSecond) - System.nanoTime() : 0;
      selector.select(asked < count ? Math.max(1, TimeUnit.NANOSECONDS.toMillis(wait)) : 0);
      for (var key : selector.selectedKeys()) {
        hear((Asking) key.attachment());
      }
      selector.selectedKeys().clear();
    }
  }

  private static long due(long begin, int n, double perSecond) {
    return begin + (long) (n / perSecond * 1e9);
  }

  private void say(Selector selector) throws IOException {
    var asking = idle.poll();
    if (asking == null) {
      asking = new Asking(new Wire(url, request, ""));
      asking.wire.channel().configureBlocking(false);
      asking.wire.channel().register(selector, SelectionKey.OP_READ, asking);
      all.add(asking);
    }
    asking.since = System.nanoTime();
    asking.wire.say();
  }

  private void hear(Asking asking) throws IOException {
    if (asking.wire.more()) {
      var seconds = (System.nanoTime() - asking.since) / 1e9;
      answers.add(new Answered(asking.wire.status(), seconds, asking.wire.text()));
      idle.push(asking);
    }
  }
}
