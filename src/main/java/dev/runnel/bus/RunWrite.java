package dev.runnel.bus;

import dev.runnel.run.Invocation;
import dev.runnel.run.Outcome;
import dev.runnel.run.OutputTotals;
import dev.runnel.run.ReturnValue;
import dev.runnel.run.Run;
import dev.runnel.run.RunEvent;
import dev.runnel.run.RunRequest;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the engine writes about runs. Every write about a running run carries the node's lease; one
 * of a node that no longer holds it is refused and changes nothing.
 */
public sealed interface RunWrite<R> extends StoreAsk<R> {

  /**
   * A node's right to write about its runs.
   *
   * @param node id of the node, kept in its data dir
   * @param epoch rises with every life of the node
   */
  record Lease(UUID node, long epoch) {}

  /** What became of an insert. */
  record Inserted(Run run, boolean running) {}

  /** A run taken from the queue. */
  record Claimed(Run run, Invocation invocation) {}

  /**
   * Stores a new run. Fails with {@code Busy} when its turn says {@code refuseWhenBusy} and an
   * active run has the lock, with {@code QueueFull} when {@code lockQueue} runs wait for it.
   *
   * @param slotFree start it at once as {@code running} under this lease, unless an older run waits
   *     or its lock is taken; otherwise it is {@code queued}
   * @param lockQueue how many runs may wait for one lock
   */
  record Insert(
      UUID id, Instant now, RunRequest request, Lease lease, boolean slotFree, int lockQueue)
      implements RunWrite<Inserted> {}

  /** Takes startable runs from the queue by priority, then age, at most {@code max}. */
  record Claim(Lease lease, int max, Instant now) implements RunWrite<List<Claimed>> {}

  /** How many runs are queued, on all nodes; counting stops at {@code max}. */
  record CountQueued(int max) implements RunWrite<Integer> {}

  /** Appends events in order; false: the lease is gone or the run has ended. */
  record Append(UUID id, Lease lease, List<RunEvent> events) implements RunWrite<Boolean> {}

  /**
   * Ends a running run: the last events and the record in one commit. False: somebody else ended
   * it.
   *
   * @param events what is not stored yet, including {@code Status} and {@code Done}
   */
  record Finish(
      UUID id,
      Lease lease,
      Instant startedAt,
      Instant now,
      List<RunEvent> events,
      Outcome outcome,
      @Nullable ReturnValue value,
      OutputTotals totals,
      boolean logTruncated,
      @Nullable Instant lastOutputAt,
      long lastSeq)
      implements RunWrite<Boolean> {

    /** The end of a run that printed nothing. */
    public static Finish withoutOutput(UUID id, Lease lease, Instant now, Outcome outcome) {
      var totals = OutputTotals.NONE;
      return new Finish(
          id,
          lease,
          now,
          now,
          List.of(
              new RunEvent.Status(2, now, outcome.status(), outcome.exitCode()),
              new RunEvent.Done(3, now, outcome.status(), outcome.exitCode(), totals)),
          outcome,
          null,
          totals,
          false,
          null,
          3);
    }
  }

  /** Ends a run that is still queued; false: it no longer is. */
  record EndQueued(UUID id, Instant now, Outcome outcome) implements RunWrite<Boolean> {}

  /**
   * Ends queued runs that have waited longer than they may, some hundred at a time; answers which.
   */
  record EndOverdue(Instant now) implements RunWrite<List<UUID>> {}

  /**
   * Begins a new life of a node: its epoch rises, and what its former life left running is ended as
   * {@code failed}.
   */
  record BeginLife(UUID node, String host, String bootId, Instant now, String message)
      implements RunWrite<Life> {}

  /** The new lease, and the ids of the runs that were ended. */
  record Life(Lease lease, List<UUID> lost) {}

  /** Renews the lease; false: it was taken over. */
  record Renew(Lease lease, Instant now) implements RunWrite<Boolean> {}

  /** Gives the node's lease back at an orderly stop. */
  record EndLife(Lease lease) implements RunWrite<Boolean> {}

  /**
   * What runs under this lease as far as the store knows. After an outage a node finds here the
   * runs whose insert or claim was committed although its answer never came.
   */
  record Held(Lease lease) implements RunWrite<List<Claimed>> {}
}
