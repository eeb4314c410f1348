package dev.runnel.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.bus.RunAsk;
import dev.runnel.bus.RunWrite;
import dev.runnel.run.Outcome;
import dev.runnel.run.Output;
import dev.runnel.run.OutputTotals;
import dev.runnel.run.Reason;
import dev.runnel.run.RunEvent;
import dev.runnel.run.RunRequest;
import dev.runnel.run.RunStatus;
import dev.runnel.script.Concurrency;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Lives of a node and their leases. */
abstract class RecoveryContract extends StoreContract {

  @Test
  void aNewLifeEndsWhatTheFormerOneLeftRunning() {
    var node = UUID.randomUUID();
    var former = Starts.life(store, node).lease();
    var run = Starts.running(store, former);
    store.ask(
        new RunWrite.Append(
            run.id(),
            former,
            List.of(
                Starts.log(2, Output.STDOUT, "one\ntwo\n"),
                Starts.log(3, Output.STDERR, "oops"),
                Starts.log(4, Output.STDOUT, "three"))));
    var shown = store.ask(new RunAsk.Find(run.id())).orElseThrow();

    var life = Starts.life(store, node);

    assertThat(life.lease().epoch()).isEqualTo(former.epoch() + 1);
    assertThat(life.left()).extracting(RunWrite.LeftRun::id).containsExactly(run.id());
    assertThat(Starts.endLeft(store, life)).isEqualTo(1);
    assertThat(Starts.endLeft(store, life)).as("once").isZero();
    var totals =
        new OutputTotals(13, 4, RunRequest.sha256("one\ntwo\nthree"), RunRequest.sha256("oops"), 2);
    var ended = store.ask(new RunAsk.Find(run.id())).orElseThrow();
    assertThat(ended.outcome())
        .isEqualTo(
            new Outcome(
                RunStatus.FAILED,
                Reason.LOST,
                null,
                null,
                "Interrupted by restart",
                2,
                null,
                null));
    assertThat(ended.totals()).isEqualTo(totals);
    assertThat(ended.lastSeq()).isEqualTo(6);
    assertThat(ended.startedAt()).isEqualTo(shown.startedAt());
    assertThat(ended.lastOutputAt()).isEqualTo(shown.lastOutputAt());
    var page = store.ask(new RunAsk.Events(run.id(), 4, 1 << 20));
    assertThat(page.ended()).isTrue();
    assertThat(page.events().get(0))
        .isInstanceOfSatisfying(
            RunEvent.Status.class,
            status -> {
              assertThat(status.seq()).isEqualTo(5);
              assertThat(status.status()).isEqualTo(RunStatus.FAILED);
              assertThat(status.exitCode()).isNull();
            });
    assertThat(page.events().get(1))
        .isInstanceOfSatisfying(
            RunEvent.Done.class, done -> assertThat(done.totals()).isEqualTo(totals));
    assertThat(store.ask(Starts.finish(run, former, RunStatus.SUCCEEDED, 7, List.of()))).isFalse();
  }

  @Test
  void whatAFloodingRunHadPrintedBeyondItsStoredTailIsAGapToo() {
    var node = UUID.randomUUID();
    var former = Starts.life(store, node).lease();
    var run = Starts.running(store, former);
    store.ask(new RunWrite.Append(run.id(), former, List.of(Starts.log(2, Output.STDOUT, "head"))));
    var now = Instant.now().truncatedTo(ChronoUnit.MICROS);
    var gap = new RunEvent.Gap(8, now, 3, 30);
    var tail = List.of(Starts.log(9, Output.STDOUT, "tail"));
    var then = new OutputTotals(38, 0, "ab", "cd", 3);
    store.ask(new RunWrite.Tail(run.id(), former, gap, tail, then, now, 9));
    var last = new OutputTotals(138, 7, "ef", "01", 5);
    store.ask(new RunWrite.Tail(run.id(), former, null, List.of(), last, now, 20));

    assertThat(Starts.endLeft(store, Starts.life(store, node))).isEqualTo(1);

    var ended = store.ask(new RunAsk.Find(run.id())).orElseThrow();
    assertThat(ended.totals()).isEqualTo(last);
    assertThat(ended.logTruncated()).isTrue();
    assertThat(ended.lastSeq()).isEqualTo(22);
    var events = store.ask(new RunAsk.Events(run.id(), 2, 10_000)).events();
    assertThat(events).extracting(RunEvent::seq).containsExactly(8L, 9L, 20L, 21L, 22L);
    assertThat(events.get(0)).isEqualTo(gap);
    assertThat(events.get(2)).isEqualTo(new RunEvent.Gap(20, ended.finishedAt(), 10, 145 - 30 - 8));
    assertThat(((RunEvent.Done) events.getLast()).totals()).isEqualTo(last);
  }

  @Test
  void aNewLifeLeavesQueuedAndOtherNodesRunsAlone() {
    var node = UUID.randomUUID();
    var mine = Starts.life(store, node).lease();
    var other = Starts.life(store);
    var others = Starts.running(store, other);
    var single = Starts.script(store, Concurrency.SINGLE);
    var running = store.ask(Starts.insert(Starts.request(single), mine, true)).run();
    var waiting = store.ask(Starts.insert(Starts.request(single), mine, true)).run();

    var life = Starts.life(store, node);

    assertThat(life.left()).extracting(RunWrite.LeftRun::id).containsExactly(running.id());
    Starts.endLeft(store, life);
    assertThat(store.ask(new RunAsk.Find(others.id()))).contains(others);
    assertThat(store.ask(new RunAsk.Find(waiting.id()))).contains(waiting);
    assertThat(store.ask(new RunWrite.Claim(life.lease(), 9, Instant.now())))
        .extracting(claimed -> claimed.run().id())
        .contains(waiting.id());
    store.ask(Starts.succeed(others, other));
  }

  @Test
  void aLeaseIsRenewedUntilItIsGivenBack() {
    var lease = Starts.life(store);

    assertThat(store.ask(new RunWrite.Renew(lease, Instant.now()))).isTrue();
    assertThat(store.ask(new RunWrite.EndLife(lease, false))).isTrue();
    assertThat(store.ask(new RunWrite.Renew(lease, Instant.now()))).isFalse();
    var late = store.ask(Starts.insert(Starts.adHoc(""), lease, true));
    assertThat(late.running()).isFalse();
    store.ask(
        new RunWrite.EndQueued(
            late.run().id(), Instant.now(), Outcome.neverStarted(RunStatus.CANCELED, null, null)));
  }

  @Test
  void whatANodeHoldsIsKnownAfterAnAnswerWasLost() {
    var lease = Starts.life(store);
    var insert =
        Starts.insert(Starts.request(Starts.script(store, Concurrency.QUEUE)), lease, true);
    var run = store.ask(insert).run();

    var held = store.ask(new RunWrite.Held(lease));

    assertThat(held).hasSize(1);
    assertThat(held.getFirst().run()).isEqualTo(run);
    assertThat(held.getFirst().invocation()).isEqualTo(insert.request().invocation());
    store.ask(Starts.succeed(run, lease));
    assertThat(store.ask(new RunWrite.Held(lease))).isEmpty();
  }
}
