package dev.runnel.execution;

import dev.runnel.bus.RunWrite;
import dev.runnel.bus.RunWrite.Claimed;
import java.util.List;
import java.util.UUID;
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
  private final Consumer<UUID> waitedTooLong;
  private int queued;
  private int arriving;
  private boolean dry;
  private boolean asking;
  private boolean askAgain;
  private boolean closed;
  private boolean unsure;
  private int changes;

  /**
   * @param start of a run that was taken
   * @param waitedTooLong told of runs whose wait was ended
   */
  Backlog(Engine engine, Slots slots, Consumer<Claimed> start, Consumer<UUID> waitedTooLong) {
    this.engine = engine;
    this.slots = slots;
    this.start = start;
    this.waitedTooLong = waitedTooLong;
  }

  /** Runs that wait, on all nodes, as last seen and as changed by this node since. */
  int queued() {
    return queued;
  }

  /**
   * Whether nothing that waits could use a free slot, so that a run which has just come may. While
   * the question for the next ones is under way slots look free that are not: who took them then
   * would wait all the same, in a place that nobody has counted.
   */
  boolean maySkip() {
    return closed || dry || queued == 0;
  }

  /** Keeps a place for a run that will wait; false: the queue is full. */
  boolean reserve() {
    if (queued + arriving >= engine.options().execution().queueLength()) {
      return false;
    }
    arriving++;
    return true;
  }

  /** The place that was kept is taken by a run that counts now, or not needed. */
  void release() {
    arriving--;
  }

  void grew() {
    queued++;
    changes++;
    dry = false;
    take();
  }

  /** A run's end is committed: whoever waits for its lock can have it. */
  void lockMayBeFree() {
    dry = false;
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
    endOverdue();
    var before = changes;
    engine
        .bus()
        .ask(new RunWrite.CountQueued(engine.options().execution().queueLength() + 1))
        .onSuccess(count -> {
          if (before == changes || queued == 0) {
            queued = count;
          }
          dry = false;
          take();
        })
        .onFailure(failure -> LOG.debug("The queue could not be counted: {}", failure.toString()));
  }

  private void endOverdue() {
    engine
        .bus()
        .ask(new RunWrite.EndOverdue(engine.now()))
        .onSuccess(ended -> {
          ended.forEach(_ -> shrank());
          ended.forEach(waitedTooLong);
        })
        .onFailure(failure -> LOG.debug("Who waited too long is unknown: {}", failure.toString()));
  }

  /** Fills the free slots from the queue, unless what is left there waits for locks only. */
  void take() {
    if (closed || dry || queued == 0) {
      return;
    }
    if (asking) {
      // It has all free slots in its hands, and may come back without the run that just queued.
      askAgain = true;
      return;
    }
    if (slots.free() <= 0) {
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
          dry = done.succeeded() && claimed.size() < room && !askAgain;
          claimed.forEach(start);
          if (done.failed()) {
            LOG.warn("Taking runs from the queue failed: {}", done.cause().toString());
          } else if (askAgain || claimed.size() == room) {
            take();
          }
        });
  }
}
