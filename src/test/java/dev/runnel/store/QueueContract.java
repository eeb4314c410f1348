package dev.runnel.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.bus.RunAsk;
import dev.runnel.bus.RunWrite;
import dev.runnel.bus.ScriptAsk;
import dev.runnel.problem.Problem;
import dev.runnel.run.Door;
import dev.runnel.run.Outcome;
import dev.runnel.run.Reason;
import dev.runnel.run.Run;
import dev.runnel.run.RunEvent;
import dev.runnel.run.RunStatus;
import dev.runnel.script.Concurrency;
import dev.runnel.script.EnvVariable;
import dev.runnel.script.Script;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How runs come in, wait and get their turn. */
abstract class QueueContract extends StoreContract {
  @SuppressWarnings("NullAway.Init") // set before every test
  private RunWrite.Lease lease;

  @BeforeEach
  void emptyQueue() {
    store.execute("DELETE FROM runs WHERE status IN ('queued', 'running')");
    lease = Starts.life(store);
  }

  @Test
  void aRunStartsAtOnceWhenASlotIsFree() {
    var inserted = store.ask(insert(Starts.script(store, Concurrency.PARALLEL), true));

    assertThat(inserted.running()).isTrue();
    assertThat(inserted.run().lastSeq()).isEqualTo(1);
    assertThat(store.ask(new RunAsk.Find(inserted.run().id()))).contains(inserted.run());
    assertThat(states(inserted.run())).containsExactly(RunStatus.RUNNING);
  }

  @Test
  void aRunWaitsWhenNoSlotIsFree() {
    var inserted = store.ask(insert(Starts.script(store, Concurrency.PARALLEL), false));

    assertThat(inserted.running()).isFalse();
    assertThat(inserted.run().startedAt()).isNull();
    assertThat(store.ask(new RunAsk.Find(inserted.run().id()))).contains(inserted.run());
    assertThat(states(inserted.run())).containsExactly(RunStatus.QUEUED);
    assertThat(store.ask(new RunWrite.CountQueued(10))).isEqualTo(1);
    assertThat(store.ask(new RunWrite.CountQueued(0))).isZero();
  }

  @Test
  void aRunWaitsBehindAnOlderOne() {
    var script = Starts.script(store, Concurrency.PARALLEL);
    store.ask(insert(script, false));

    assertThat(store.ask(insert(script, true)).running()).isFalse();
  }

  @Test
  void aCommandBringsItsOwnSlotAndPassesTheQueue() {
    var script = Starts.script(store, Concurrency.PARALLEL);
    store.ask(insert(script, false));

    var command = Starts.insert(Starts.request(script, Door.COMMAND_LINE), lease, true);

    assertThat(store.ask(command).running()).isTrue();
  }

  @Test
  void aRunPassesThoseThatWaitForALockOnly() {
    var single = Starts.script(store, Concurrency.SINGLE);
    store.ask(insert(single, true));
    store.ask(insert(single, true));

    var other = store.ask(insert(Starts.script(store, Concurrency.SINGLE), true));

    assertThat(other.running()).isTrue();
  }

  @Test
  void aRunWaitsBehindAnOlderOneWhoseLockIsFree() {
    store.ask(insert(Starts.script(store, Concurrency.QUEUE), false));

    assertThat(store.ask(insert(Starts.script(store, Concurrency.PARALLEL), true)).running())
        .isFalse();
  }

  @Test
  void ofTwentyConcurrentStartsOfASingleScriptExactlyOneRuns() {
    var script = Starts.script(store, Concurrency.SINGLE);

    var inserted = store.askAll(20, _ -> insert(script, true));

    assertThat(inserted).filteredOn(RunWrite.Inserted::running).hasSize(1);
    assertThat(store.ask(new RunAsk.Active(script.id()))).hasSize(20);
  }

  @Test
  void ofTwentyConcurrentStartsThatWillNotWaitExactlyOneIsStored() {
    var script = Starts.script(store, Concurrency.SINGLE);

    var refused = new ArrayList<UUID>();
    var stored = new ArrayList<RunWrite.Inserted>();
    var starts = new ArrayList<io.vertx.core.Future<RunWrite.Inserted>>();
    for (var i = 0; i < 20; i++) {
      starts.add(
          store.bus.ask(Starts.insert(Starts.request(script, Door.ADMIN), lease, i % 2 == 0)));
    }
    for (var start : starts) {
      try {
        stored.add(Store.await(start));
      } catch (Problem.Busy busy) {
        refused.add(busy.activeRun());
      }
    }

    assertThat(stored).hasSize(1);
    assertThat(refused).hasSize(19).containsOnly(stored.getFirst().run().id());
  }

  @Test
  void aQueuedRunMakesAScriptBusyToo() {
    var script = Starts.script(store, Concurrency.SINGLE);
    var waiting = store.ask(insert(script, false));

    assertThat(store.refusal(Starts.insert(Starts.request(script, Door.ADMIN), lease, true)))
        .isInstanceOfSatisfying(
            Problem.Busy.class, busy -> assertThat(busy.activeRun()).isEqualTo(waiting.run().id()));
  }

  @Test
  void theSameInsertAgainAnswersTheStoredRun() {
    var insert = insert(Starts.script(store, Concurrency.SINGLE), true);
    var first = store.ask(insert);

    assertThat(store.ask(insert)).isEqualTo(first);
    assertThat(store.count("SELECT count(*) FROM runs WHERE id = '" + insert.id() + "'"))
        .isEqualTo(1);
  }

  @Test
  void aNodeWithoutALeaseStartsNothing() {
    var lost = new RunWrite.Lease(lease.node(), lease.epoch() - 1);
    var script = Starts.script(store, Concurrency.PARALLEL);

    assertThat(store.ask(Starts.insert(Starts.request(script), lost, true)).running()).isFalse();
    assertThat(store.ask(new RunWrite.Claim(lost, 5, Instant.now()))).isEmpty();
  }

  @Test
  void aBadRowFailsAloneInItsBatch() {
    var script = Starts.script(store, Concurrency.PARALLEL);
    var starts = new ArrayList<io.vertx.core.Future<RunWrite.Inserted>>();
    for (var i = 0; i < 9; i++) {
      var request = i == 4 ? Starts.adHoc("a\0b") : Starts.request(script);
      starts.add(store.bus.ask(Starts.insert(request, lease, true)));
    }
    starts.add(store.bus.ask(Starts.insert(Starts.adHoc("print(1)"), lease, true)));

    for (var i = 0; i < starts.size(); i++) {
      var start = starts.get(i);
      if (i == 4) {
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> Store.await(start)))
            .isNotNull();
      } else {
        assertThat(Store.await(start).running()).isTrue();
      }
    }
  }

  @Test
  void claimsComeInTheOrderOfPriorityThenArrival() {
    var script = Starts.script(store, Concurrency.PARALLEL);
    var runs = new ArrayList<UUID>();
    for (var i = 0; i < 5; i++) {
      runs.add(store.ask(insert(script, false)).run().id());
    }
    store.execute("UPDATE runs SET priority = 5 WHERE id = '" + runs.get(3) + "'");

    assertThat(claimed(2)).containsExactly(runs.get(3), runs.get(0));
    assertThat(claimed(9)).containsExactly(runs.get(1), runs.get(2), runs.get(4));
    assertThat(claimed(9)).isEmpty();
  }

  @Test
  void aClaimHasAllThatAnEngineNeeds() {
    var script = Starts.script(store, Concurrency.PARALLEL);
    var queued = store.ask(insert(script, false)).run();

    var claimed = store.ask(new RunWrite.Claim(lease, 1, Instant.now())).getFirst();

    assertThat(claimed.run().id()).isEqualTo(queued.id());
    assertThat(claimed.run().status()).isEqualTo(RunStatus.RUNNING);
    assertThat(claimed.run().startedAt()).isNotNull();
    assertThat(claimed.run().lastSeq()).isEqualTo(2);
    assertThat(claimed.invocation()).isEqualTo(Starts.request(script).invocation());
    assertThat(claimed.invocation().env())
        .containsExactly(new EnvVariable("KEY", "value"), new EnvVariable("RUN", "1"));
    assertThat(states(queued)).containsExactly(RunStatus.QUEUED, RunStatus.RUNNING);
    assertThat(store.ask(new RunAsk.Find(queued.id()))).contains(claimed.run());
    assertThat(store.ask(new RunWrite.Held(lease))).containsExactly(claimed);
  }

  @Test
  void aQueuedRunKeepsTheTextOfItsVersionAndOfADeletedScript() {
    var script = Starts.script(store, Concurrency.SINGLE);
    store.ask(insert(script, false));
    store.ask(
        new ScriptAsk.Update(
            script.id(), dev.runnel.script.ScriptChange.content("something else", null)));
    store.ask(new ScriptAsk.Delete(script.id()));

    var claimed = store.ask(new RunWrite.Claim(lease, 1, Instant.now()));

    assertThat(claimed).hasSize(1);
    assertThat(claimed.getFirst().invocation().text()).isEqualTo(script.text());
  }

  @Test
  void atMostOneRunOfALockIsClaimed() {
    var script = Starts.script(store, Concurrency.QUEUE);
    var first = store.ask(insert(script, false)).run();
    var second = store.ask(insert(script, false)).run();
    var other = store.ask(insert(Starts.script(store, Concurrency.PARALLEL), false)).run();

    assertThat(claimed(9)).containsExactly(first.id(), other.id());
    assertThat(claimed(9)).isEmpty();

    store.ask(Starts.finish(first, lease, RunStatus.SUCCEEDED, 3, List.of()));
    assertThat(claimed(9)).containsExactly(second.id());
  }

  @Test
  void concurrentClaimersNeverGetTheSameRun() {
    var parallel = Starts.script(store, Concurrency.PARALLEL);
    var locked = new ArrayList<Script>();
    for (var i = 0; i < 10; i++) {
      locked.add(Starts.script(store, Concurrency.QUEUE));
    }
    store.askAll(40, _ -> insert(parallel, false));
    store.askAll(40, i -> insert(locked.get(i % 10), false));

    var claimed = new ArrayList<UUID>();
    for (var round = 0; round < 40 && claimed.size() < 50; round++) {
      store
          .<List<RunWrite.Claimed>>askAll(6, _ -> new RunWrite.Claim(lease, 7, Instant.now()))
          .forEach(some -> some.forEach(one -> claimed.add(one.run().id())));
    }

    assertThat(claimed).doesNotHaveDuplicates().hasSize(50);
    assertThat(
            store.count(
                "SELECT count(*) FROM runs WHERE status = 'running' AND lock_key IS NOT NULL"))
        .isEqualTo(10);
  }

  @Test
  void aQueuedRunEndsWithStatusAndDone() {
    var run = store.ask(insert(Starts.script(store, Concurrency.PARALLEL), false)).run();
    var outcome = Outcome.neverStarted(RunStatus.TIMED_OUT, Reason.QUEUE_TIMEOUT, "waited");

    assertThat(store.ask(new RunWrite.EndQueued(run.id(), Instant.now(), outcome))).isTrue();

    var ended = store.ask(new RunAsk.Find(run.id())).orElseThrow();
    assertThat(ended.outcome()).isEqualTo(outcome);
    assertThat(ended.finishedAt()).isNotNull();
    assertThat(ended.lastSeq()).isEqualTo(3);
    var page = store.ask(new RunAsk.Events(run.id(), 0, 1 << 20));
    assertThat(page.ended()).isTrue();
    assertThat(page.events()).extracting(RunEvent::seq).containsExactly(1L, 2L, 3L);
    assertThat(store.ask(new RunWrite.EndQueued(run.id(), Instant.now(), outcome))).isFalse();
    assertThat(claimed(9)).isEmpty();
  }

  private RunWrite.Insert insert(Script script, boolean slotFree) {
    return Starts.insert(Starts.request(script), lease, slotFree);
  }

  private List<UUID> claimed(int max) {
    return store.ask(new RunWrite.Claim(lease, max, Instant.now())).stream()
        .map(one -> one.run().id())
        .toList();
  }

  private List<RunStatus> states(Run run) {
    return store.ask(new RunAsk.Events(run.id(), 0, 1 << 20)).events().stream()
        .map(RunEvent.Status.class::cast)
        .map(RunEvent.Status::status)
        .toList();
  }
}
