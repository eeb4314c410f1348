package dev.runnel.http;

import dev.runnel.bus.Runs;
import dev.runnel.problem.Problem;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for the end of a run, for a while; what it prints passes by. */
public final class RunWait {
  private static final int PAGE_BYTES = 256 * 1024;
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration RETRY = Duration.ofSeconds(5);

  private final Runs runs;
  private final UUID id;
  private final long deadline;
  private final Future<Void> gone;

  private RunWait(Runs runs, UUID id, Duration patience, Future<Void> gone) {
    this.runs = runs;
    this.id = id;
    this.deadline = System.nanoTime() + patience.toNanos();
    this.gone = gone;
  }

  /**
   * True when the run has ended, false when the time is over first.
   *
   * @param gone whoever waits has gone: waiting ends
   */
  public static Future<Boolean> forEnd(Runs runs, UUID id, Duration patience, Future<Void> gone) {
    if (!patience.isPositive()) {
      return Future.succeededFuture(false);
    }
    // Of its own: whoever waits for events is let go up to a second late.
    return new RunWait(runs, id, patience, gone)
        .after(0)
        .timeout(patience.toNanos(), TimeUnit.NANOSECONDS)
        .recover(failure ->
            failure instanceof TimeoutException
                ? Future.succeededFuture(false)
                : Future.failedFuture(failure));
  }

  private Future<Boolean> after(long since) {
    if (gone.isComplete()) {
      return Future.failedFuture(new Problem.Unavailable("Nobody waits any more", RETRY));
    }
    var left = Duration.ofNanos(deadline - System.nanoTime());
    if (!left.isPositive()) {
      return Future.succeededFuture(false);
    }
    return runs.eventsAfter(id, since, PAGE_BYTES, left.compareTo(PATIENCE) < 0 ? left : PATIENCE)
        .compose(page -> {
          if (page.ended()) {
            return Future.succeededFuture(true);
          }
          return after(page.events().isEmpty() ? since : page.events().getLast().seq());
        });
  }
}
