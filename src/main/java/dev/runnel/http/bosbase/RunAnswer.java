package dev.runnel.http.bosbase;

import dev.runnel.bus.Runs;
import dev.runnel.http.Answer;
import dev.runnel.http.Call;
import dev.runnel.http.EndedRun;
import dev.runnel.http.RunEnd;
import dev.runnel.http.Start;
import dev.runnel.http.Starts;
import dev.runnel.run.RunStatus;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Function;

/**
 * What somebody who waits for the end of a run gets to hear: its output, why it failed, or after
 * {@code Prefer: wait} that it still runs.
 *
 * @param readable of the output, in bytes
 * @param failure the error of a run that did not succeed, with what is told about it
 */
record RunAnswer(Runs runs, Starts starts, long readable, Function<Object, Refuse> failure) {

  Future<Answer> of(Start start, Call call) {
    return inTime(start, call)
        .map(answer -> start.marked(answer.with("X-Run-Id", start.run().id().toString())));
  }

  private Future<Answer> inTime(Start start, Call call) {
    return start.patience() == null
        ? atTheEnd(start, call)
        : starts
            .endsWithin(start.patience(), start, call)
            .compose(ended ->
                ended
                    ? atTheEnd(start, call)
                    : Future.succeededFuture(Answer.json(202, JobState.Started.of(start.run()))));
  }

  /** The same for those who wait as long as it takes, without what headers say. */
  Future<Answer> atTheEnd(Start start, Call call) {
    return starts.refusable(
        start, RunEnd.of(runs, start.run().id(), readable, call.gone()).compose(this::told));
  }

  private Future<Answer> told(EndedRun ended) {
    if (ended.status() == RunStatus.SUCCEEDED) {
      return Future.succeededFuture(Answer.ok(ExecutionWire.of(ended)));
    }
    if (ended.waitedTooLong()) {
      return starts.missedTurn();
    }
    return runs.find(ended.id())
        // What the run printed is worth more than why exactly it failed.
        .recover(_ -> Future.succeededFuture(Optional.empty()))
        .map(record -> failure.apply(ExecutionWire.Failed.of(ended, record)).answer());
  }
}
