package dev.runnel.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.bus.RunAsk;
import dev.runnel.bus.RunWrite;
import dev.runnel.problem.Problem;
import dev.runnel.run.Door;
import dev.runnel.run.Reason;
import dev.runnel.run.Run;
import dev.runnel.run.RunRequest;
import dev.runnel.run.RunStatus;
import dev.runnel.script.Concurrency;
import dev.runnel.script.ConcurrencyKey;
import dev.runnel.script.Script;
import dev.runnel.script.Turns;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Whose turn it is, decided by the database between two nodes that ask at the same time. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before every test
abstract class TurnContract {
  private static final int STARTS = 50;

  private Store store;
  private Store other;
  private RunWrite.Lease lease;
  private RunWrite.Lease otherLease;

  abstract Server server();

  @BeforeAll
  void open() {
    var schema = "t_" + UUID.randomUUID().toString().replace("-", "");
    store = Store.open(server(), schema);
    other = Store.open(server(), schema);
    // Connections are made at first use, which is slow enough to be taken for an outage.
    for (var node : List.of(store, other)) {
      node.askAll(2, _ -> new RunAsk.Find(UUID.randomUUID()));
    }
  }

  @AfterAll
  void close() {
    if (store != null) {
      store.close();
      other.close();
    }
  }

  @BeforeEach
  void emptyQueue() {
    store.execute("DELETE FROM runs WHERE status IN ('queued', 'running')");
    lease = Starts.life(store);
    otherLease = Starts.life(store);
  }

  @Test
  void ofFiftyConcurrentStartsOnTwoNodesAsManyRunAsTheLimitSays() {
    var script = limited(5, null);

    var inserted = startOnBoth(_ -> Starts.request(script));

    assertThat(inserted).hasSize(STARTS);
    assertThat(running()).isLessThanOrEqualTo(5);
    runToTheEnd(inserted, 5);
  }

  @Test
  void aLimitHoldsForEachValueOfItsKey() {
    var script = limited(2, new ConcurrencyKey.Argument(2));

    var inserted =
        startOnBoth(i ->
            Starts.request(script, Door.BOSBASE, List.of("x" + i, "tenant" + i % 5), Map.of()));

    assertThat(running()).isLessThanOrEqualTo(10);
    assertThat(claimAll()).hasSizeLessThanOrEqualTo(10);
    assertThat(running()).isEqualTo(10);
    var byTenant = new HashMap<String, Integer>();
    for (var run : inserted) {
      if (status(run) == RunStatus.RUNNING) {
        byTenant.merge(run.request().args().get(1), 1, Integer::sum);
      }
    }
    assertThat(byTenant).hasSize(5).containsValue(2).doesNotContainValue(1).doesNotContainValue(3);
  }

  @Test
  void aKeyMayBeAHeaderAndWhoHasNoneShares() {
    var script = limited(1, new ConcurrencyKey.Header("X-Tenant"));

    assertThat(starts(keyed(script, Map.of("X-Tenant", "a")))).isTrue();
    assertThat(starts(keyed(script, Map.of("X-Tenant", "a")))).isFalse();
    assertThat(starts(keyed(script, Map.of("X-Tenant", "b")))).isTrue();
    assertThat(starts(keyed(script, Map.of()))).isTrue();
    assertThat(starts(keyed(script, Map.of()))).isFalse();
  }

  @Test
  void aSingleScriptWithAKeyIsBusyForThatKeyOnly() {
    var script =
        Starts.script(
            store, Concurrency.SINGLE, new Turns(null, new ConcurrencyKey.Argument(1), 0));
    var first = Starts.request(script, Door.ADMIN, List.of("a"), Map.of());
    var second = Starts.request(script, Door.ADMIN, List.of("b"), Map.of());

    assertThat(starts(first)).isTrue();
    assertThat(starts(second)).isTrue();
    assertThat(store.refusal(Starts.insert(first, lease, true))).isInstanceOf(Problem.Busy.class);
    assertThat(store.ask(new RunAsk.Active(script.id()))).hasSize(2);
  }

  @Test
  void runsOfALimitedScriptComeInTheirOrder() {
    var script = limited(2, null);
    var runs = new ArrayList<Run>();
    for (var i = 0; i < 6; i++) {
      runs.add(store.ask(Starts.insert(Starts.request(script), lease, false)).run());
    }
    assertThat(store.ask(new RunAsk.Active(script.id()))).hasSize(6);

    assertThat(claimed(9)).containsExactly(runs.get(0).id(), runs.get(1).id());
    assertThat(claimed(9)).isEmpty();
    finish(runs.get(1));
    assertThat(claimed(9)).containsExactly(runs.get(2).id());
    finish(runs.get(0));
    finish(runs.get(2));
    assertThat(claimed(1)).containsExactly(runs.get(3).id());
    assertThat(claimed(9)).containsExactly(runs.get(4).id());
    assertThat(starts(Starts.request(script))).isFalse();
  }

  @Test
  void aRunThatMattersMorePassesThoseThatWait() {
    var plain = Starts.script(store, Concurrency.PARALLEL);
    var urgent = Starts.script(store, Concurrency.PARALLEL, new Turns(null, null, 10));
    var low = Starts.request(plain).prioritised(-5);
    var waiting = new ArrayList<UUID>();
    for (var request :
        List.of(low, Starts.request(plain), Starts.request(urgent), Starts.request(urgent))) {
      waiting.add(store.ask(Starts.insert(request, lease, false)).run().id());
    }

    assertThat(starts(Starts.request(plain).prioritised(11))).isTrue();
    assertThat(starts(Starts.request(urgent))).isFalse();

    assertThat(claimed(2)).containsExactly(waiting.get(2), waiting.get(3));
    assertThat(claimed(9)).hasSize(3).endsWith(waiting.get(1), waiting.get(0));
  }

  @Test
  void noMoreRunsWaitForALockThanMay() {
    var script = limited(1, null);
    var starts = new ArrayList<Future<RunWrite.Inserted>>();
    for (var i = 0; i < STARTS; i++) {
      starts.add(start(i, Starts.request(script)));
    }

    var stored = 0;
    for (var start : starts) {
      try {
        Store.await(start);
        stored++;
      } catch (Problem.QueueFull full) {
        assertThat(full).hasMessageContaining("20 runs of this script are waiting already");
      }
    }
    claimAll();
    assertThat(running()).isEqualTo(1);
    // The one that runs may have waited: then there was room for one more or one less.
    assertThat(stored).isBetween(20, 21);
    assertThat(store.count("SELECT count(*) FROM runs WHERE status = 'queued'"))
        .isLessThanOrEqualTo(20);
  }

  @Test
  void aFullQueueOfOneLockStopsNobodyElse() {
    var script = limited(1, new ConcurrencyKey.Argument(1));
    for (var i = 0; i <= Starts.LOCK_QUEUE; i++) {
      store.ask(Starts.insert(Starts.request(script), lease, true));
    }
    var full = Starts.insert(Starts.request(script), lease, true);
    assertThat(store.refusal(full)).isInstanceOf(Problem.QueueFull.class);

    assertThat(starts(Starts.request(script, Door.BOSBASE, List.of("b"), Map.of()))).isTrue();
    assertThat(claimed(9)).isEmpty();
  }

  @Test
  void whoWaitsLongerThanItMayIsEndedByAnyNode() {
    var script = Starts.script(store, Concurrency.PARALLEL);
    var patient = store.ask(Starts.insert(Starts.request(script), lease, false)).run();
    var hasty = waitingAtMost(script, Duration.ofMillis(1_500));
    var at = hasty.createdAt();

    assertThat(other.ask(new RunWrite.EndOverdue(at.plusMillis(1_400)))).isEmpty();
    assertThat(other.ask(new RunWrite.EndOverdue(at.plusMillis(1_600))))
        .containsExactly(hasty.id());
    assertThat(other.ask(new RunWrite.EndOverdue(at.plusMillis(1_600)))).isEmpty();

    var ended = store.ask(new RunAsk.Find(hasty.id())).orElseThrow();
    assertThat(ended.status()).isEqualTo(RunStatus.TIMED_OUT);
    assertThat(ended.outcome().reason()).isEqualTo(Reason.QUEUE_TIMEOUT);
    assertThat(ended.outcome().errorMessage())
        .isEqualTo("Queue time-out: its turn did not come within 1500 ms");
    assertThat(ended.startedAt()).isNull();
    var page = store.ask(new RunAsk.Events(hasty.id(), 0, 1 << 20));
    assertThat(page.ended()).isTrue();
    assertThat(page.events()).hasSize(3);
    assertThat(claimed(9)).containsExactly(patient.id());
  }

  @Test
  void aRunWhoseWaitIsOverIsNotStartedAndOneThatWasStartedIsNotEnded() {
    var script = Starts.script(store, Concurrency.PARALLEL);
    var claimed = waitingAtMost(script, Duration.ofHours(1));
    assertThat(claimed(1)).containsExactly(claimed.id());
    var late = waitingAtMost(script, Duration.ofHours(1));
    var afterwards = Instant.now().plus(Duration.ofHours(2));

    assertThat(store.ask(new RunWrite.Claim(lease, 9, afterwards))).isEmpty();
    assertThat(store.ask(new RunWrite.EndOverdue(afterwards))).containsExactly(late.id());
    assertThat(status(claimed)).isEqualTo(RunStatus.RUNNING);
  }

  private Run waitingAtMost(Script script, Duration patience) {
    var request = Starts.request(script).waitingAtMost(patience);
    return store.ask(Starts.insert(request, lease, false)).run();
  }

  private Script limited(int limit, @Nullable ConcurrencyKey key) {
    return Starts.script(store, Concurrency.PARALLEL, new Turns(limit, key, 0));
  }

  private RunRequest keyed(Script script, Map<String, String> headers) {
    return Starts.request(script, Door.BOSBASE, List.of(), headers);
  }

  private boolean starts(RunRequest request) {
    return store.ask(Starts.insert(request, lease, true)).running();
  }

  private List<Run> startOnBoth(IntFunction<RunRequest> request) {
    var starts = new ArrayList<Future<RunWrite.Inserted>>();
    for (var i = 0; i < STARTS; i++) {
      starts.add(start(i, request.apply(i)));
    }
    return starts.stream().map(start -> Store.await(start).run()).toList();
  }

  private Future<RunWrite.Inserted> start(int i, RunRequest request) {
    var node = i % 2 == 0 ? lease : otherLease;
    var insert =
        new RunWrite.Insert(
            Starts.insert(request, node, true).id(),
            Instant.now(),
            request,
            node,
            true,
            request.turn().limit() == 1 ? Starts.LOCK_QUEUE : STARTS);
    return (i % 2 == 0 ? store : other).bus.ask(insert);
  }

  /** Ends one run at a time while both nodes claim, until everything has run once. */
  private void runToTheEnd(List<Run> runs, int limit) {
    var left = new ArrayList<>(runs);
    while (!left.isEmpty()) {
      claimAll();
      assertThat(running()).isEqualTo(Math.min(limit, left.size()));
      var next =
          left.stream().filter(run -> status(run) == RunStatus.RUNNING).findFirst().orElseThrow();
      finish(next);
      left.remove(next);
    }
  }

  /** Both nodes at once, several times, until there is nothing more to claim. */
  private List<UUID> claimAll() {
    var all = new ArrayList<UUID>();
    List<UUID> some;
    do {
      var claims = new ArrayList<Future<List<RunWrite.Claimed>>>();
      for (var i = 0; i < 3; i++) {
        claims.add(store.bus.ask(new RunWrite.Claim(lease, 7, Instant.now())));
        claims.add(other.bus.ask(new RunWrite.Claim(otherLease, 7, Instant.now())));
      }
      some =
          claims.stream()
              .flatMap(claim -> Store.await(claim).stream())
              .map(claimed -> claimed.run().id())
              .toList();
      all.addAll(some);
    } while (!some.isEmpty());
    assertThat(all).doesNotHaveDuplicates();
    return all;
  }

  private List<UUID> claimed(int max) {
    return store.ask(new RunWrite.Claim(lease, max, Instant.now())).stream()
        .map(one -> one.run().id())
        .toList();
  }

  private void finish(Run run) {
    for (var node : List.of(lease, otherLease)) {
      store.ask(Starts.finish(run, node, RunStatus.SUCCEEDED, 5, List.of()));
    }
    assertThat(status(run)).isEqualTo(RunStatus.SUCCEEDED);
  }

  private RunStatus status(Run run) {
    return store.ask(new RunAsk.Find(run.id())).orElseThrow().status();
  }

  private long running() {
    return store.count("SELECT count(*) FROM runs WHERE status = 'running'");
  }
}
