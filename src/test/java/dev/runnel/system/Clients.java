package dev.runnel.system;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;

/** Several callers at once, each asking again as soon as it is answered, on one thread. */
final class Clients implements AutoCloseable {
  private final List<Wire> wires = new ArrayList<>();
  private final long[] since;

  /** What so many requests took. */
  record Load(int requests, double seconds, Samples millis) {
    double perSecond() {
      return requests / seconds;
    }
  }

  Clients(int count, String url, byte[] request, String expected) throws IOException {
    for (var i = 0; i < count; i++) {
      wires.add(new Wire(url, request, expected));
    }
    since = new long[count];
  }

  /** Asks {@code requests} times in all. */
  Load ask(int requests) throws IOException {
    if (wires.size() == 1) {
      return askAlone(requests);
    }
    var nanos = new long[requests];
    var asked = 0;
    var answered = 0;
    var start = System.nanoTime();
    try (var selector = Selector.open()) {
      for (var i = 0; i < wires.size(); i++) {
        wires.get(i).channel().configureBlocking(false);
        wires.get(i).channel().register(selector, SelectionKey.OP_READ, i);
        if (asked < requests) {
          asked++;
          say(i);
        }
      }
      while (answered < requests) {
        selector.select();
        for (var key : selector.selectedKeys()) {
          var i = (int) key.attachment();
          if (wires.get(i).more()) {
            wires.get(i).check();
            nanos[answered++] = System.nanoTime() - since[i];
            if (asked < requests) {
              asked++;
              say(i);
            }
          }
        }
        selector.selectedKeys().clear();
      }
    }
    return load(nanos, start);
  }

  private Load askAlone(int requests) throws IOException {
    var nanos = new long[requests];
    var start = System.nanoTime();
    for (var i = 0; i < requests; i++) {
      nanos[i] = wires.getFirst().exchange();
    }
    return load(nanos, start);
  }

  private static Load load(long[] nanos, long start) {
    return new Load(nanos.length, (System.nanoTime() - start) / 1e9, Samples.ofNanos(nanos));
  }

  private void say(int i) throws IOException {
    since[i] = System.nanoTime();
    wires.get(i).say();
  }

  @Override
  public void close() throws IOException {
    for (var wire : wires) {
      wire.close();
    }
  }
}
