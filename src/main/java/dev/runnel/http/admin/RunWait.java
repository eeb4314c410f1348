package dev.runnel.http.admin;

import dev.runnel.bus.Runs;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.UUID;

/** Waits for the end of a run, for a while. */
final class RunWait {
  private static final int PAGE_BYTES = 256 * 1024;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Runs runs;
  private final UUID id;
  private final long deadline;

  private RunWait(Runs runs, UUID id, Duration patience) {
    this.runs = runs;
    this.id = id;
    this.deadline = System.nanoTime() + patience.toNanos();
  }

  /** True when the run has ended, false when the time is over first. */
  static Future<Boolean> forEnd(Runs runs, UUID id, Duration patience) {
    return new RunWait(runs, id, patience).after(0);
  }

  private Future<Boolean> after(long since) {
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
