package dev.runnel.http.admin;

import dev.runnel.bus.Runs;
import dev.runnel.http.Sink;
import dev.runnel.run.Page;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.UUID;

/**
 * One follower of one run: pulls a page, writes it, and pulls the next when the socket has taken
 * it. Holds one page at most; a slow reader slows nobody but itself.
 */
final class RunStream {
  /** Frames of a page stay below what the JVM treats as a huge object. */
  static final int PAGE_BYTES = 256 * 1024;

  /** An empty line after it: the field counts at once. */
  private static final Buffer RETRY = Buffer.buffer("retry: 3000\n\n");

  private static final Buffer PING = Buffer.buffer(": ping\n\n");
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Runs runs;
  private final UUID id;
  private final Sink sink;
  private final Frames frames;
  private final long pingNanos;
  private long since;
  private long nextPing;

  RunStream(Runs runs, UUID id, Sink sink, Frames frames, Duration pingInterval, long since) {
    this.runs = runs;
    this.id = id;
    this.sink = sink;
    this.frames = frames;
    this.pingNanos = pingInterval.toNanos();
    this.since = since;
    this.nextPing = System.nanoTime() + pingNanos;
  }

  /** Writes this page first, which may be empty, then what comes after it, to the end. */
  void begin(Page first) {
    sink.write(RETRY).onSuccess(_ -> take(first));
  }

  private void next() {
    var left = nextPing - System.nanoTime();
    if (left <= 0) {
      nextPing = System.nanoTime() + pingNanos;
      sink.write(PING).onSuccess(_ -> next());
      return;
    }
    var patience = Math.min(left, PATIENCE.toNanos());
    runs.eventsAfter(id, since, PAGE_BYTES, Duration.ofNanos(patience))
        .onSuccess(this::take)
        // The reader comes back with the number it has seen and gets a proper answer then.
        .onFailure(_ -> sink.end());
  }

  private void take(Page page) {
    if (sink.isClosed()) {
      return;
    }
    if (page.events().isEmpty()) {
      if (page.ended()) {
        sink.end();
      } else {
        next();
      }
      return;
    }
    since = page.events().getLast().seq();
    sink.write(frames.of(page))
        .onSuccess(_ -> {
          if (page.ended()) {
            sink.end();
          } else {
            next();
          }
        });
  }
}
