package dev.runnel.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.bus.RunAsk;
import dev.runnel.bus.RunWrite;
import dev.runnel.bus.RunWrite.Lease;
import dev.runnel.bus.RunWrite.Neighbour;
import dev.runnel.run.Output;
import dev.runnel.run.Run;
import dev.runnel.run.RunStatus;
import dev.runnel.script.Concurrency;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How nodes see each other, and what one may do to another. */
abstract class TakeOverContract extends StoreContract {
  @SuppressWarnings("NullAway.Init") // set before every test
  private Lease mine;

  @SuppressWarnings("NullAway.Init")
  private Lease others;

  @BeforeEach
  void twoNodes() {
    store.execute("DELETE FROM runs WHERE status IN ('queued', 'running')");
    mine = Starts.life(store);
    others = Starts.life(store);
  }

  @Test
  void anotherNodeIsSeenWhileItHasRunningRuns() {
    assertThat(neighbours()).isEmpty();
    var run = Starts.running(store, others);

    var seen = neighbour();

    assertThat(seen.node()).isEqualTo(new RunWrite.Node(others.node(), "host", "boot", ""));
    assertThat(seen.epoch()).isEqualTo(others.epoch());
    assertThat(neighbour()).as("while nothing happens").isEqualTo(seen);
    store.ask(new RunWrite.Renew(others, Instant.now().plusSeconds(1)));
    assertThat(neighbour()).as("after a renewal").isNotEqualTo(seen);
    store.ask(Starts.succeed(run, others));
    assertThat(neighbours()).isEmpty();
  }

  @Test
  void aNodeThatWasTakenOverCanWriteNothingAboutItsRunsAndStartsNone() {
    var run = Starts.running(store, others);

    var taken = store.ask(new RunWrite.TakeOver(neighbour())).orElseThrow();

    assertThat(taken.left()).extracting(RunWrite.LeftRun::id).containsExactly(run.id());
    assertThat(refusesEverything(run)).isTrue();
    assertThat(Starts.endLeft(store, taken)).isEqualTo(1);
    assertThat(refusesEverything(run)).isTrue();
    var ended = store.ask(new RunAsk.Find(run.id())).orElseThrow();
    assertThat(ended.status()).isEqualTo(RunStatus.FAILED);
    assertThat(ended.outcome().killedProcesses()).isEqualTo(2);
    assertThat(store.ask(new RunAsk.Events(run.id(), 0, 1 << 20)).events())
        .as("running, failed, done")
        .hasSize(3);
  }

  /** Nothing changes by what the late node sends. */
  private boolean refusesEverything(Run run) {
    var before = store.ask(new RunAsk.Find(run.id()));
    var output = List.of(Starts.log(run.lastSeq() + 1, Output.STDOUT, "late"));
    assertThat(store.ask(new RunWrite.Append(run.id(), others, List.copyOf(output)))).isFalse();
    assertThat(store.ask(Starts.succeed(run, others))).isFalse();
    assertThat(store.ask(new RunWrite.Renew(others, Instant.now()))).isFalse();
    assertThat(store.ask(new RunWrite.EndLife(others, false))).isFalse();
    assertThat(store.ask(new RunWrite.Held(others))).isEmpty();
    assertThat(store.ask(new RunWrite.Claim(others, 5, Instant.now()))).isEmpty();
    return before.equals(store.ask(new RunAsk.Find(run.id())));
  }

  @Test
  void whatWasQueuedIsTakenByWhoeverHasASlot() {
    var script = Starts.script(store, Concurrency.QUEUE);
    var running = store.ask(Starts.insert(Starts.request(script), others, true)).run();
    var queued = store.ask(Starts.insert(Starts.request(script), others, true)).run();
    assertThat(store.ask(new RunWrite.Claim(mine, 5, Instant.now()))).isEmpty();

    Starts.endLeft(store, store.ask(new RunWrite.TakeOver(neighbour())).orElseThrow());

    assertThat(store.ask(new RunAsk.Find(running.id())).orElseThrow().status())
        .isEqualTo(RunStatus.FAILED);
    assertThat(store.ask(new RunWrite.Claim(mine, 5, Instant.now())))
        .extracting(claimed -> claimed.run().id())
        .containsExactly(queued.id());
  }

  @Test
  void aRenewalAfterTheLastLookSavesTheNode() {
    var run = Starts.running(store, others);
    var seen = neighbour();
    store.ask(new RunWrite.Renew(others, Instant.now().plusSeconds(1)));

    assertThat(store.ask(new RunWrite.TakeOver(seen))).isEmpty();

    assertThat(store.ask(Starts.succeed(run, others))).isTrue();
  }

  @Test
  void ofManyOnlyOneTakesANodeOver() {
    Starts.running(store, others);
    var seen = neighbour();

    var taken = store.<Optional<RunWrite.Life>>askAll(8, _ -> new RunWrite.TakeOver(seen));

    assertThat(taken).filteredOn(Optional::isPresent).hasSize(1);
  }

  @Test
  void aTakeOverThatWasInterruptedIsDoneByTheNext() {
    var run = Starts.running(store, others);
    assertThat(store.ask(new RunWrite.TakeOver(neighbour()))).isPresent();

    var second = store.ask(new RunWrite.TakeOver(neighbour())).orElseThrow();

    assertThat(Starts.endLeft(store, second)).isEqualTo(1);
    assertThat(store.ask(new RunAsk.Find(run.id())).orElseThrow().status())
        .isEqualTo(RunStatus.FAILED);
    assertThat(neighbours()).isEmpty();
  }

  @Test
  void aLateNodeBeginsANewLifeAndWorksOn() {
    Starts.running(store, others);
    Starts.endLeft(store, store.ask(new RunWrite.TakeOver(neighbour())).orElseThrow());

    var again = Starts.life(store, others.node());

    assertThat(again.left()).isEmpty();
    assertThat(again.lease().epoch()).isEqualTo(others.epoch() + 2);
    var run = Starts.running(store, again.lease());
    assertThat(store.ask(Starts.succeed(run, again.lease()))).isTrue();
  }

  /** A statement of the former life that was still under way when the new one began. */
  @Test
  void aRunThatAppearsUnderAnEarlierLeaseIsSeenByItsOwnNodeAndEnded() {
    var later = Starts.life(store, others.node()).lease();
    var run = Starts.running(store, later);
    store.execute("UPDATE runs SET lease_epoch = 1 WHERE id = '" + run.id() + "'");

    var astray = store.ask(new RunWrite.LookAround(later)).astray();

    assertThat(astray).hasSize(1);
    assertThat(astray.getFirst().lease()).isEqualTo(others);
    assertThat(Starts.endLeft(store, astray.getFirst())).isEqualTo(1);
    assertThat(store.ask(new RunWrite.LookAround(later)).astray()).isEmpty();
  }

  @Test
  void aRequestToCancelReachesTheRunsOwnNodeOnly() {
    var run = Starts.running(store, others);

    assertThat(store.ask(new RunWrite.RequestCancel(run.id(), true))).isTrue();
    assertThat(store.ask(new RunWrite.RequestCancel(run.id(), false))).as("again").isTrue();

    assertThat(store.ask(new RunWrite.LookAround(mine)).cancels()).isEmpty();
    assertThat(store.ask(new RunWrite.LookAround(others)).cancels())
        .containsOnlyKeys(run.id())
        .containsEntry(run.id(), true);
    store.ask(Starts.succeed(run, others));
    assertThat(store.ask(new RunWrite.LookAround(others)).cancels()).isEmpty();
    assertThat(store.ask(new RunWrite.RequestCancel(run.id(), false))).as("too late").isFalse();
    assertThat(store.ask(new RunWrite.RequestCancel(UUID.randomUUID(), false))).isFalse();
  }

  @Test
  void aNodeThatEndsForGoodIsForgottenUnlessItLeavesRuns() {
    var run = Starts.running(store, others);
    assertThat(store.ask(new RunWrite.EndLife(others, true))).isFalse();
    store.ask(Starts.succeed(run, others));
    assertThat(store.ask(new RunWrite.EndLife(others, true))).isTrue();
    assertThat(store.count("SELECT count(*) FROM nodes WHERE id = '" + others.node() + "'"))
        .isZero();
  }

  private List<Neighbour> neighbours() {
    return store.ask(new RunWrite.LookAround(mine)).neighbours();
  }

  private Neighbour neighbour() {
    assertThat(neighbours()).hasSize(1);
    return neighbours().getFirst();
  }
}
