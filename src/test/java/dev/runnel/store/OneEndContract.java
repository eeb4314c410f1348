package dev.runnel.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.bus.RunAsk;
import dev.runnel.bus.RunWrite;
import dev.runnel.run.Outcome;
import dev.runnel.run.Output;
import dev.runnel.run.Reason;
import dev.runnel.run.Run;
import dev.runnel.run.RunStatus;
import dev.runnel.script.Concurrency;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A run that has ended, in whatever way, is never started again and never ends another way. */
abstract class OneEndContract extends StoreContract {
  @SuppressWarnings("NullAway.Init") // set before every test
  private RunWrite.Lease lease;

  private final UUID node = UUID.randomUUID();

  /** The ways to end. */
  enum Way {
    SUCCEEDED,
    KILLED,
    CANCELED_WHILE_QUEUED,
    WAITED_TOO_LONG,
    LOST_WITH_ITS_NODE
  }

  @BeforeEach
  void emptyQueue() {
    store.execute("DELETE FROM runs WHERE status IN ('queued', 'running')");
    lease = Starts.life(store, node).lease();
  }

  @ParameterizedTest
  @EnumSource
  void whatHasEndedStaysAsItIs(Way way) {
    var script = Starts.script(store, Concurrency.QUEUE);
    var waits = way == Way.CANCELED_WHILE_QUEUED || way == Way.WAITED_TOO_LONG;
    var insert =
        Starts.insert(Starts.request(script).waitingAtMost(Duration.ofSeconds(1)), lease, !waits);
    var run = store.ask(insert).run();
    var later = Instant.now().plusSeconds(10);

    end(way, run, later);

    var ended = store.ask(new RunAsk.Find(run.id())).orElseThrow();
    assertThat(ended.status().isTerminal()).isTrue();
    var events = store.ask(new RunAsk.Events(run.id(), 0, 1 << 20));
    var former = lease;
    var fresh = Starts.life(store);
    for (var holder : List.of(former, lease, fresh)) {
      assertThat(store.ask(new RunWrite.Claim(holder, 9, Instant.now()))).isEmpty();
      assertThat(store.ask(new RunWrite.Held(holder))).isEmpty();
      var again =
          new RunWrite.Insert(insert.id(), insert.now(), insert.request(), holder, true, 20);
      assertThat(store.ask(again)).isEqualTo(new RunWrite.Inserted(ended, false));
      assertThat(
              store.ask(
                  new RunWrite.Append(
                      run.id(), holder, List.of(Starts.log(9, Output.STDOUT, "late")))))
          .isFalse();
      assertThat(
              store.ask(
                  Starts.finish(run, holder, RunStatus.TIMED_OUT, ended.lastSeq() + 1, List.of())))
          .isFalse();
    }
    assertThat(store.ask(new RunWrite.EndQueued(run.id(), later, canceled()))).isFalse();
    assertThat(store.ask(new RunWrite.EndOverdue(later))).isEmpty();
    assertThat(Starts.life(store, node).left()).isEmpty();

    assertThat(store.ask(new RunAsk.Find(run.id()))).contains(ended);
    assertThat(store.ask(new RunAsk.Events(run.id(), 0, 1 << 20)).events())
        .usingRecursiveComparison()
        .isEqualTo(events.events());
    // Its lock is free again: the next one runs.
    var next = Starts.insert(Starts.request(script), fresh, true);
    assertThat(store.ask(next).running()).isTrue();
  }

  @Test
  void whatAnotherNodeHasClaimedIsNotTheInsertersToStart() {
    var script = Starts.script(store, Concurrency.PARALLEL);
    var insert = Starts.insert(Starts.request(script), lease, false);
    store.ask(insert);
    var fresh = Starts.life(store);
    assertThat(store.ask(new RunWrite.Claim(fresh, 1, Instant.now()))).hasSize(1);

    var again = store.ask(insert);

    assertThat(again.run().status()).isEqualTo(RunStatus.RUNNING);
    assertThat(again.running()).isFalse();
  }

  private void end(Way way, Run run, Instant later) {
    switch (way) {
      case SUCCEEDED -> assertThat(store.ask(Starts.succeed(run, lease))).isTrue();
      case KILLED ->
          assertThat(store.ask(Starts.finish(run, lease, RunStatus.CANCELED, 2, List.of())))
              .isTrue();
      case CANCELED_WHILE_QUEUED ->
          assertThat(store.ask(new RunWrite.EndQueued(run.id(), later, canceled()))).isTrue();
      case WAITED_TOO_LONG ->
          assertThat(store.ask(new RunWrite.EndOverdue(later))).containsExactly(run.id());
      case LOST_WITH_ITS_NODE -> {
        var life = Starts.life(store, node);
        assertThat(life.left()).extracting(RunWrite.LeftRun::id).containsExactly(run.id());
        assertThat(Starts.endLeft(store, life)).isEqualTo(1);
        lease = life.lease();
      }
    }
  }

  private static Outcome canceled() {
    return Outcome.neverStarted(RunStatus.CANCELED, Reason.CANCELED_BY_CLIENT, null);
  }
}
