package dev.runnel.http;

import dev.runnel.bus.Runs;
import dev.runnel.config.HttpOptions;
import dev.runnel.problem.Problem;
import dev.runnel.run.RunRequest;
import dev.runnel.run.SubmitKey;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How every door starts runs: once for each {@code Idempotency-Key}, and as {@code Prefer} says.
 */
public final class Starts {
  private static final Logger LOG = LoggerFactory.getLogger(Starts.class);
  private static final int CANCEL_TRIES = 30;
  private static final long CANCEL_PAUSE_SECONDS = 1;

  private final Runs runs;
  private final Duration longestWait;

  public Starts(Runs runs, HttpOptions options) {
    this.runs = runs;
    this.longestWait = options.longestWait();
  }

  /**
   * Starts what this call asks for, unless its key says that this was done before. Fails with
   * {@code Invalid} for a key that is none, and with {@code KeyReused}.
   *
   * @param request is asked for only when something is to be started
   */
  public Future<Start> of(Call call, Function<Preferences, Future<RunRequest>> request) {
    return of(
        call, Preferences.of(call.headers("Prefer"), longestWait), call.submitKey(null), request);
  }

  /**
   * The same for a caller who stays until the run has ended: {@code Prefer: wait} says nothing.
   *
   * @param input digest of what is asked for
   */
  public Future<Start> staying(Call call, String input, Supplier<Future<RunRequest>> request) {
    var preferences = Preferences.of(call.headers("Prefer"), longestWait).withoutWait();
    return of(call, preferences, call.submitKey(input), _ -> request.get());
  }

  private Future<Start> of(
      Call call,
      Preferences preferences,
      Optional<SubmitKey> key,
      Function<Preferences, Future<RunRequest>> request) {
    var start =
        key.isEmpty()
            ? request
                .apply(preferences)
                .compose(runs::submit)
                .map(run -> new Start(run, null, false, preferences))
            : once(key.get(), request, preferences);
    return preferences.cancelsWhenGone()
        ? start.onSuccess(started -> cancelWhenGone(started.run().id(), call))
        : start;
  }

  /** Whether the run ends within this time; a repeat may find that it has ended. */
  public Future<Boolean> endsWithin(Duration patience, Start start, Call call) {
    if (start.run().status().isTerminal()) {
      return Future.succeededFuture(true);
    }
    return RunWait.forEnd(runs, start.run().id(), patience, call.gone());
  }

  /**
   * Answers a start that goes on by itself: that it was accepted, or how the run has ended when the
   * caller said to wait and it ended in that time.
   */
  public Future<Answer> background(
      Start start, Call call, Answer accepted, Supplier<Future<Answer>> ended) {
    var patience = start.patience();
    var answer =
        patience == null
            ? Future.succeededFuture(accepted)
            : endsWithin(patience, start, call)
                .compose(inTime -> inTime ? ended.get() : Future.succeededFuture(accepted));
    return answer.map(start::marked);
  }

  /**
   * The answer to this start; when it is that the wait for a slot is over, the key is free again
   * before the caller hears it: it is asked to try again.
   */
  public <A> Future<A> refusable(Start start, Future<A> answer) {
    var key = start.key();
    return key == null
        ? answer
        : answer.recover(failure ->
            failure instanceof Problem.QueueFull
                ? runs.forget(key, start.run().id()).transform(_ -> Future.failedFuture(failure))
                : Future.failedFuture(failure));
  }

  /** What whoever waits hears when the run's turn did not come in time: fails with that. */
  public <A> Future<A> missedTurn() {
    return runs.load()
        .compose(load ->
            Future.failedFuture(
                new Problem.QueueFull("The run's turn did not come in time", load.queueWait())));
  }

  private Future<Start> once(
      SubmitKey key, Function<Preferences, Future<RunRequest>> request, Preferences preferences) {
    return runs.repeated(key)
        .compose(first ->
            first
                .map(run -> Future.succeededFuture(new Start(run, key, true, preferences)))
                .orElseGet(() -> fresh(key, request, preferences)));
  }

  private Future<Start> fresh(
      SubmitKey key, Function<Preferences, Future<RunRequest>> request, Preferences preferences) {
    return request
        .apply(preferences)
        .compose(asked -> runs.submitOnce(asked, key))
        .map(submitted -> new Start(submitted.run(), key, submitted.replayed(), preferences));
  }

  private void cancelWhenGone(UUID id, Call call) {
    call.gone().onSuccess(_ -> cancel(id, CANCEL_TRIES));
  }

  /** Between queue and process a run is nowhere for a moment: it is asked for again. */
  private void cancel(UUID id, int tries) {
    runs.cancelByClient(id)
        .onFailure(failure -> {
          if (failure instanceof Problem.Unavailable && tries > 1) {
            Vertx.currentContext()
                .owner()
                .timer(CANCEL_PAUSE_SECONDS, TimeUnit.SECONDS)
                .onSuccess(_ -> cancel(id, tries - 1));
          } else {
            // Mostly: it has just ended by itself.
            LOG.debug(
                "Run {} was left by its caller and not cancelled: {}", id, failure.toString());
          }
        });
  }
}
