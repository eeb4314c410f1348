package dev.runnel.execution;

import dev.runnel.bus.RunWrite;
import dev.runnel.bus.RunWrite.Lease;
import dev.runnel.bus.RunWrite.Surroundings;
import dev.runnel.problem.Problem;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node among the others: its lease in the database, begun at the start, renewed while it
 * lives, given back at the end; and theirs, which it watches. A node that was taken over ends
 * everything that ran under the lost lease and begins anew; nobody has to restart it.
 */
final class NodeLife {
  private static final Logger LOG = LoggerFactory.getLogger(NodeLife.class);

  /** How often the lease is renewed in the time after which it is lost. */
  private static final int RENEWALS = 3;

  private static final long PATIENCE_MILLIS = 30_000;
  private static final long RETRY_MILLIS = 500;

  private final Engine engine;
  private final NodeHome home;
  private final Aftermath aftermath;
  private final LeaseWatch watch;
  private final Supplier<Future<?>> endAll;
  private final Consumer<Map<UUID, Boolean>> cancel;
  private final boolean judges;
  private final long renewalMillis;
  private long renewed;
  private boolean ended;
  private boolean renewing;
  private boolean looking;

  /**
   * @param endAll kills everything that runs under the lost lease
   * @param cancel hands over which runs somebody wants to end at another node
   * @param judges whether lost nodes are taken over by this one
   */
  NodeLife(
      Engine engine,
      NodeHome home,
      Aftermath aftermath,
      Supplier<Future<?>> endAll,
      Consumer<Map<UUID, Boolean>> cancel,
      boolean judges) {
    var lease = engine.options().execution().lease();
    this.engine = engine;
    this.home = home;
    this.aftermath = aftermath;
    this.watch = new LeaseWatch(lease);
    this.endAll = endAll;
    this.cancel = cancel;
    this.judges = judges;
    this.renewalMillis = lease.toMillis() / RENEWALS;
  }

  /**
   * Ends what the former life of this node left, and begins a new one.
   *
   * @param killed how many processes of each of its runs had to be killed
   */
  Future<Lease> begin(Map<UUID, Integer> killed) {
    return begin(killed, engine.millis() + PATIENCE_MILLIS).onSuccess(this::holds);
  }

  /** The database was there a moment ago: if it is only slow it must not keep us from starting. */
  private Future<Lease> begin(Map<UUID, Integer> killed, long giveUpMillis) {
    return aftermath
        .begin(home, killed, NodeHome.INTERRUPTED)
        .recover(failure -> {
          if (!(failure instanceof Problem.Unavailable) || engine.millis() > giveUpMillis) {
            return Future.failedFuture(failure);
          }
          LOG.warn("{}; this node's life begins as soon as it does", failure.getMessage());
          var again = Promise.<Lease>promise();
          engine.timer(RETRY_MILLIS, () -> begin(killed, giveUpMillis).onComplete(again));
          return again.future();
        });
  }

  private void holds(Lease lease) {
    engine.holds(lease);
    renewed = engine.millis();
  }

  /** Renews the lease when it is time, a failed renewal again at once, and looks at the others. */
  void everySecond() {
    if (!ended && !renewing && engine.millis() - renewed >= renewalMillis) {
      renew();
    }
    if (!ended && !looking) {
      look();
    }
  }

  private void renew() {
    renewing = true;
    var asked = engine.millis();
    engine
        .bus()
        .ask(new RunWrite.Renew(engine.lease(), engine.now()))
        .compose(ours -> {
          if (ours) {
            renewed = asked;
          }
          return ours || ended ? Future.succeededFuture() : beginAgain();
        })
        .onComplete(done -> {
          renewing = false;
          if (done.failed() && !(done.cause() instanceof Problem.Unavailable)) {
            LOG.warn("The lease could not be renewed", done.cause());
          }
        });
  }

  /**
   * The processes first, as their records have ended; what came in meanwhile is of the past too.
   */
  private Future<?> beginAgain() {
    LOG.error("Another node has taken this one over: its runs are ended, it begins anew");
    return endAll
        .get()
        .compose(_ -> aftermath.begin(home, Map.of(), Aftermath.NODE_LOST))
        .onSuccess(lease -> {
          holds(lease);
          endAll.get().onComplete(_ -> LOG.info("This node works on"));
        });
  }

  private void look() {
    looking = true;
    engine
        .bus()
        .ask(new RunWrite.LookAround(engine.lease()))
        .onFailure(_ -> watch.unreachable())
        .compose(this::attend)
        .onComplete(done -> {
          looking = false;
          if (done.failed() && !(done.cause() instanceof Problem.Unavailable)) {
            LOG.warn("Looking after other nodes failed", done.cause());
          }
        });
  }

  private Future<?> attend(Surroundings surroundings) {
    var now = engine.millis();
    cancel.accept(surroundings.cancels());
    Future<?> attended = Future.succeededFuture();
    for (var lost : watch.lost(surroundings.neighbours(), now)) {
      attended = judges ? attended.compose(_ -> aftermath.takeOver(lost)) : attended;
    }
    for (var astray : surroundings.astray()) {
      attended = attended.compose(_ -> aftermath.record(astray, Map.of(), Aftermath.NODE_LOST));
    }
    return attended;
  }

  /** Gives the lease back. */
  Future<Boolean> end() {
    ended = true;
    return engine.bus().ask(new RunWrite.EndLife(engine.lease(), home.isTemporary()));
  }
}
