package dev.runnel.http;

import dev.runnel.bus.Runs;
import dev.runnel.problem.Problem;
import dev.runnel.run.OutputTotals;
import dev.runnel.run.Page;
import dev.runnel.run.ReturnValue;
import dev.runnel.run.RunEvent;
import dev.runnel.run.RunStatus;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Follows one run to its end for somebody who waits for the answer. Pulls page by page; holds at
 * most the log limit: a run that prints more is read again from the store when it has ended.
 */
public final class RunEnd {
  private static final int PAGE_BYTES = 256 * 1024;
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration RETRY = Duration.ofSeconds(5);

  private final Runs runs;
  private final UUID id;
  private final long limit;
  private final Future<Void> gone;
  private final Promise<EndedRun> end = Promise.promise();

  private Printed printed;
  private long dropped;
  private boolean reread;
  private long since;
  private @Nullable Instant started;
  private @Nullable Instant finished;
  private @Nullable RunStatus status;
  private @Nullable Integer exitCode;
  private OutputTotals totals = OutputTotals.NONE;
  private @Nullable ReturnValue value;

  private RunEnd(Runs runs, UUID id, long limit, Future<Void> gone) {
    this.runs = runs;
    this.id = id;
    this.limit = limit;
    this.gone = gone;
    this.printed = new Printed(limit);
  }

  /**
   * The end of this run. Fails with {@code NotFound}.
   *
   * @param limit of the output, in bytes: the most that can be read of a run
   * @param gone whoever waits has gone: following stops, the run does not
   */
  public static Future<EndedRun> of(Runs runs, UUID id, long limit, Future<Void> gone) {
    var end = new RunEnd(runs, id, limit, gone);
    end.next();
    return end.end.future();
  }

  private void next() {
    if (gone.isComplete()) {
      end.fail(new Problem.Unavailable("Nobody waits any more", RETRY));
      return;
    }
    runs.eventsAfter(id, since, PAGE_BYTES, PATIENCE).onSuccess(this::take).onFailure(end::fail);
  }

  private void take(Page page) {
    for (var event : page.events()) {
      since = event.seq();
      note(event);
    }
    if (!page.ended()) {
      next();
    } else if (dropped > 0 && !reread) {
      readAgain();
    } else {
      finish();
    }
  }

  private void note(RunEvent event) {
    switch (event) {
      case RunEvent.Status change -> {
        if (change.status() == RunStatus.RUNNING) {
          started = change.at();
        } else if (change.status().isTerminal()) {
          finished = change.at();
        }
      }
      case RunEvent.Log log -> {
        if (dropped > 0 || !printed.add(log.output(), log.bytes())) {
          dropped += log.bytes().length;
        }
      }
      case RunEvent.Gap gap -> printed.gap(gap.bytes());
      case RunEvent.Result result -> value = result.value();
      case RunEvent.Done done -> {
        status = done.status();
        exitCode = done.exitCode();
        totals = done.totals();
        finished = finished == null ? done.at() : finished;
      }
    }
  }

  /** The store has dropped the middle and says where. */
  private void readAgain() {
    // The store may keep a little more than the limit: its chunks are not cut.
    printed = new Printed(limit + (1L << 20));
    dropped = 0;
    reread = true;
    since = 0;
    next();
  }

  private void finish() {
    if (status == null || finished == null) {
      end.fail(new Problem.NotFound(Problem.Kind.RUN, id.toString()));
      return;
    }
    printed.end();
    if (dropped > 0) {
      printed.gap(dropped);
    }
    end.complete(
        new EndedRun(
            id,
            status,
            exitCode,
            started,
            finished,
            printed.merged(),
            printed.stdout(totals),
            printed.stderr(totals),
            value));
  }
}
