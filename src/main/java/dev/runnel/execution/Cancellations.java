package dev.runnel.execution;

import dev.runnel.bus.RunAsk;
import dev.runnel.bus.RunWrite;
import dev.runnel.problem.Problem;
import dev.runnel.run.Outcome;
import dev.runnel.run.Reason;
import dev.runnel.run.RunStatus;
import io.vertx.core.Future;
import java.util.Map;
import java.util.UUID;

/** Cancels runs, wherever they are. Used on the execution verticle's context only. */
final class Cancellations {
  private final Engine engine;
  private final Map<UUID, ActiveRun> active;
  private final Backlog backlog;
  private final Followers followers;

  /**
   * @param active the runs of this node, which come and go
   */
  Cancellations(Engine engine, Map<UUID, ActiveRun> active, Backlog backlog, Followers followers) {
    this.engine = engine;
    this.active = active;
    this.backlog = backlog;
    this.followers = followers;
  }

  /**
   * Ends a run that is queued, running here or at another node. Answers its state: {@code RUNNING}
   * for one that is only asked to end. Fails with {@code NotFound} and {@code AlreadyEnded}.
   *
   * @param byClient whoever waited for it has gone
   */
  Future<RunStatus> cancel(UUID id, boolean byClient) {
    var run = active.get(id);
    if (run != null && !run.feed().hasEnded()) {
      run.stop(new Stop.Canceled(byClient));
      return Future.succeededFuture(RunStatus.RUNNING);
    }
    var canceled =
        Outcome.neverStarted(RunStatus.CANCELED, byClient ? Reason.CANCELED_BY_CLIENT : null, null);
    return engine
        .bus()
        .ask(new RunWrite.EndQueued(id, engine.now(), canceled))
        .compose(ended -> {
          if (ended) {
            backlog.shrank();
            followers.wake(id);
            return Future.succeededFuture(RunStatus.CANCELED);
          }
          return notQueued(id, byClient);
        });
  }

  private Future<RunStatus> notQueued(UUID id, boolean byClient) {
    return engine
        .bus()
        .ask(new RunAsk.Find(id))
        .compose(found -> {
          var run = found.orElseThrow(() -> new Problem.NotFound(Problem.Kind.RUN, id.toString()));
          if (run.status().isTerminal()) {
            throw new Problem.AlreadyEnded(run.status().wire());
          }
          if (active.containsKey(id)) {
            return cancel(id, byClient); // it was claimed meanwhile
          }
          return engine
              .bus()
              .ask(new RunWrite.RequestCancel(id, byClient))
              .compose(left ->
                  left
                      ? Future.succeededFuture(RunStatus.RUNNING)
                      : notQueued(id, byClient)); // it has just ended
        });
  }

  /**
   * Somebody asked another node to end runs of this one.
   *
   * @param runs and whether it was who waited for them
   */
  void requested(Map<UUID, Boolean> runs) {
    runs.forEach((id, byClient) -> {
      var run = active.get(id);
      if (run != null) {
        run.stop(new Stop.Canceled(byClient));
      }
    });
  }
}
