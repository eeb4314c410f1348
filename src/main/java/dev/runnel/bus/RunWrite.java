package dev.runnel.bus;

import dev.runnel.run.Invocation;
import dev.runnel.run.Outcome;
import dev.runnel.run.OutputTotals;
import dev.runnel.run.ReturnValue;
import dev.runnel.run.Run;
import dev.runnel.run.RunEvent;
import dev.runnel.run.RunRequest;
import dev.runnel.run.SubmitKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /**
   * The same, and the key in the same commit. When the key came before, nothing is stored and the
   * answer is the run of then, under another id. Fails with {@code KeyReused} too.
   */
  record InsertOnce(Insert insert, SubmitKey key) implements RunWrite<Inserted> {}

  /** Lets a key be used anew, if it stands for this run; false: it does not. */
  record Forget(SubmitKey key, UUID run) implements RunWrite<Boolean> {}

  /** Takes startable runs from the queue by priority, then age, at most {@code max}. */
  record Claim(Lease lease, int max, Instant now) implements RunWrite<List<Claimed>> {}

  /** How many runs are queued, on all nodes; counting stops at {@code max}. */
  record CountQueued(int max) implements RunWrite<Integer> {}

  /** Appends events in order; false: the lease is gone or the run has ended. */
  record Append(UUID id, Lease lease, List<RunEvent> events) implements RunWrite<Boolean> {}

  /**
   * Brings the record of a run over its log limit up to date and, with a gap, moves the stored tail
   * on: what is stored from the gap's first number up to its last goes, the gap and the new events
   * come. False: the lease is gone or the run has ended.
   *
   * @param gap what is missing before the stored tail now; null: the tail stays as it is
   * @param events output after the gap that is not stored yet, without holes to what is
   * @param totals of all that was printed up to {@code lastSeq}
   */
  record Tail(
      UUID id,
      Lease lease,
      RunEvent.@Nullable Gap gap,
      List<RunEvent.Log> events,
      OutputTotals totals,
      Instant lastOutputAt,
      long lastSeq)
      implements RunWrite<Boolean> {}

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
   * A node as the others know it.
   *
   * @param host name of its host
   * @param bootId tells this boot of the host from any other
   * @param home its own directory on that host
   */
  record Node(UUID id, String host, String bootId, String home) {}

  /** A run that a life of a node left running. */
  record LeftRun(UUID id, Instant startedAt, @Nullable Instant lastOutputAt) {}

  /**
   * Begins a new life of a node: its epoch rises, and what its former life left running comes under
   * the new lease, to be ended by {@link EndLeft}.
   */
  record BeginLife(Node node, Instant now) implements RunWrite<Life> {}

  /** A lease, and the runs that the life before it left. */
  record Life(Lease lease, List<LeftRun> left) {}

  /**
   * Ends these runs as {@code failed}, {@code lost}, each with what is stored of its output;
   * answers how many it were. Asked again it ends those that are left.
   *
   * @param killed how many processes of a run had to be killed; a run that is not in it: none
   */
  record EndLeft(
      Lease lease, List<LeftRun> runs, Map<UUID, Integer> killed, String message, Instant now)
      implements RunWrite<Integer> {}

  /** Renews the lease; false: it was taken over. */
  record Renew(Lease lease, Instant now) implements RunWrite<Boolean> {}

  /**
   * Gives the node's lease back at an orderly stop.
   *
   * @param forGood the node will not live again
   */
  record EndLife(Lease lease, boolean forGood) implements RunWrite<Boolean> {}

  /** What a node has to know about others, and others about it. */
  record LookAround(Lease lease) implements RunWrite<Surroundings> {}

  /**
   * Another node that has running runs.
   *
   * @param renewed when it renewed its lease, in words of the database: to be compared for equality
   *     only, as no two clocks agree
   */
  record Neighbour(Node node, long epoch, String renewed) {}

  /**
   * What is going on.
   *
   * @param neighbours the other nodes with running runs, alive or not
   * @param astray runs of this node under an earlier lease: writes that were under way when that
   *     ended
   * @param cancels runs of this node that somebody wants to end; true: the caller has hung up
   */
  record Surroundings(List<Neighbour> neighbours, List<Life> astray, Map<UUID, Boolean> cancels) {}

  /**
   * Takes a lost node's runs over: from here on it can write nothing about them. The lease that is
   * answered is for {@link EndLeft} only. Empty: the node lives, or somebody else was faster.
   */
  record TakeOver(Neighbour lost) implements RunWrite<Optional<Life>> {}

  /** Leaves word for the run's node to end it; false: it is not running. */
  record RequestCancel(UUID id, boolean byClient) implements RunWrite<Boolean> {}

  /**
   * What runs under this lease as far as the store knows. After an outage a node finds here the
   * runs whose insert or claim was committed although its answer never came.
   */
  record Held(Lease lease) implements RunWrite<List<Claimed>> {}
}
