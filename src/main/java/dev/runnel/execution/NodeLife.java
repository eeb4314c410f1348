package dev.runnel.execution;

import dev.runnel.bus.RunWrite;
import dev.runnel.bus.RunWrite.Lease;
import dev.runnel.bus.RunWrite.Life;
import dev.runnel.problem.Problem;
import io.vertx.core.Future;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's lease in the database: begun at the start, renewed while it lives, given back at the
 * end. A lease that somebody else has taken over is begun anew, after everything that ran under the
 * old one was ended.
 */
final class NodeLife {
  private static final Logger LOG = LoggerFactory.getLogger(NodeLife.class);

  /** How often the lease is renewed. */
  static final Duration RENEWAL = Duration.ofSeconds(5);

  private final Engine engine;
  private final NodeHome home;
  private final Runnable takenOver;
  private boolean ended;
  private boolean renewing;

  /**
   * @param takenOver ends what runs under the lost lease
   */
  NodeLife(Engine engine, NodeHome home, Runnable takenOver) {
    this.engine = engine;
    this.home = home;
    this.takenOver = takenOver;
  }

  /** Ends in the records what the former life left running, and begins a new one. */
  Future<Life> begin() {
    return engine
        .bus()
        .ask(
            new RunWrite.BeginLife(
                home.id(),
                NodeHome.hostName(),
                NodeHome.bootId(),
                engine.now(),
                NodeHome.INTERRUPTED))
        .onSuccess(life -> engine.holds(life.lease()));
  }

  /** Renews the lease; to be called every {@link #RENEWAL}. */
  void renew() {
    if (ended || renewing) {
      return;
    }
    renewing = true;
    Lease lease = engine.lease();
    engine
        .bus()
        .ask(new RunWrite.Renew(lease, engine.now()))
        .compose(ours -> ours || ended ? Future.succeededFuture() : beginAgain())
        .onComplete(done -> {
          renewing = false;
          if (done.failed() && !(done.cause() instanceof Problem.Unavailable)) {
            LOG.warn("The lease could not be renewed", done.cause());
          }
        });
  }

  private Future<Life> beginAgain() {
    LOG.error("Another node has taken this one over: its runs are ended, it begins anew");
    takenOver.run();
    return begin();
  }

  /** Gives the lease back. */
  Future<Boolean> end() {
    ended = true;
    return engine.bus().ask(new RunWrite.EndLife(engine.lease()));
  }
}
