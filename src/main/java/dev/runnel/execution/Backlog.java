package dev.runnel.execution;

import dev.runnel.bus.RunWrite;
import dev.runnel.bus.RunWrite.Claimed;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The queue as this node sees it: how long it is, and taking from it whenever slots are free. The
 * database decides who gets a run; one question is under way at a time.
 */
final class Backlog {
  private static final Logger LOG = LoggerFactory.getLogger(Backlog.class);

  private final Engine engine;
  private final Slots slots;
  private final Consumer<Claimed> start;
  private int queued;
  private boolean asking;
  private boolean askAgain;
  private boolean closed;
  private boolean unsure;
  private int changes;

  Backlog(Engine engine, Slots slots, Consumer<Claimed> start) {
    this.engine = engine;
    this.slots = slots;
    this.start = start;
  }

  /** Runs that wait, on all nodes, as last seen and as changed by this node since. */
  int queued() {
    return queued;
  }

  boolean isFull() {
    return queued >= engine.options().execution().queueLength();
  }

  void grew() {
    queued++;
    changes++;
    take();
  }

  void shrank() {
    queued = Math.max(0, queued - 1);
    changes++;
  }

  /** A question whose answer may still come is under way. */
  boolean isAsking() {
    return asking;
  }

  /** A claim was not answered: the store may have given us runs that we do not know of. */
  boolean isUnsure() {
    return unsure;
  }

  void isSureAgain() {
    unsure = false;
  }

  /** No run is started from now on. */
  void close() {
    closed = true;
  }

  /** Counts what waits, then takes what fits: the safety net for what nobody told this node. */
  void look() {
    var before = changes;
    engine
        .bus()
        .ask(new RunWrite.CountQueued(engine.options().execution().queueLength() + 1))
        .onSuccess(count -> {
          if (before == changes || queued == 0) {
            queued = count;
          }
          take();
        })
        .onFailure(failure -> LOG.debug("The queue could not be counted: {}", failure.toString()));
  }

  /** Fills the free slots from the queue. */
  void take() {
    if (closed || queued == 0 || slots.free() <= 0) {
      return;
    }
    if (asking) {
      askAgain = true;
      return;
    }
    asking = true;
    askAgain = false;
    var room = slots.takeAll();
    var lease = engine.lease();
    engine
        .bus()
        .ask(new RunWrite.Claim(lease, room, engine.now()))
        .onComplete(done -> {
          asking = false;
          // What was claimed under a lease that is lost by now has been ended.
          var claimed =
              done.succeeded() && engine.holdsStill(lease) ? done.result() : List.<Claimed>of();
          slots.giveBack(room - claimed.size());
          queued = Math.max(0, queued - claimed.size());
          changes++;
          unsure |= done.failed();
          claimed.forEach(start);
          if (done.failed()) {
            LOG.warn("Taking runs from the queue failed: {}", done.cause().toString());
          } else if (askAgain || claimed.size() == room) {
            take();
          }
        });
  }
}
