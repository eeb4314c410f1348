package dev.runnel.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.runnel.bus.RunAsk;
import dev.runnel.bus.RunWrite;
import dev.runnel.bus.ScriptAsk;
import dev.runnel.problem.Problem;
import dev.runnel.run.Door;
import dev.runnel.run.RunRequest;
import dev.runnel.run.SubmitKey;
import dev.runnel.script.Concurrency;
import dev.runnel.script.Script;
import dev.runnel.script.ScriptChange;
import dev.runnel.script.Turns;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A start that names itself happens once. */
abstract class SubmitKeyContract extends StoreContract {
  private static final Duration DAY = Duration.ofHours(24);

  @SuppressWarnings("NullAway.Init") // set before every test
  private RunWrite.Lease lease;

  @SuppressWarnings("NullAway.Init") // set before every test
  private Script script;

  @SuppressWarnings("NullAway.Init") // set before every test
  private SubmitKey key;

  @BeforeEach
  void emptyQueue() {
    store.execute("DELETE FROM runs WHERE status IN ('queued', 'running')");
    lease = Starts.life(store);
    script = Starts.script(store, Concurrency.PARALLEL);
    key = key("me", "POST /x", "k" + UUID.randomUUID(), "b0");
  }

  private static SubmitKey key(String caller, String route, String key, String body) {
    return new SubmitKey(caller, route, key, body);
  }

  private RunWrite.InsertOnce once(SubmitKey key) {
    return once(Starts.request(script), key, Instant.now());
  }

  private RunWrite.InsertOnce once(RunRequest request, SubmitKey key, Instant now) {
    var insert = Starts.insert(request, lease, true);
    return new RunWrite.InsertOnce(
        new RunWrite.Insert(insert.id(), now, request, lease, true, insert.lockQueue()), key);
  }

  private long runs() {
    return store.count("SELECT count(*) FROM runs WHERE script_id = '" + script.id() + "'");
  }

  private long keys() {
    return store.count("SELECT count(*) FROM submit_keys WHERE key = '" + key.key() + "'");
  }

  @Test
  void theSameKeyAgainAnswersTheFirstRun() {
    var first = store.ask(once(key));

    assertThat(first.running()).isTrue();
    assertThat(store.ask(once(key)).run()).isEqualTo(first.run());
    assertThat(store.ask(new RunAsk.Repeated(key, Instant.now()))).contains(first.run());
    assertThat(runs()).isEqualTo(1);
  }

  @Test
  void anUnusedKeyStandsForNothing() {
    assertThat(store.ask(new RunAsk.Repeated(key, Instant.now()))).isEmpty();
  }

  @Test
  void ofFiftyStartsAtOnceOnTwoNodesOneIsStored() {
    var schema = "two_" + UUID.randomUUID().toString().replace("-", "");
    try (var one = Store.open(server(), schema);
        var other = Store.open(server(), schema)) {
      var leases = new RunWrite.Lease[] {Starts.life(one), Starts.life(other)};
      var request = Starts.adHoc("print(1)");
      var starts = new ArrayList<Future<RunWrite.Inserted>>();
      for (var i = 0; i < 50; i++) {
        var insert = Starts.insert(request, leases[i % 2], true);
        starts.add((i % 2 == 0 ? one : other).bus.ask(new RunWrite.InsertOnce(insert, key)));
      }

      assertThat(starts.stream().map(start -> Store.await(start).run().id()).distinct()).hasSize(1);
      assertThat(one.count("SELECT count(*) FROM runs")).isEqualTo(1);
      assertThat(one.count("SELECT count(*) FROM run_log")).isEqualTo(1);
    }
  }

  @Test
  void anotherBodyIsRefused() {
    store.ask(once(key));
    var other = key(key.caller(), key.route(), key.key(), "b1");

    assertThat(store.refusal(once(other)))
        .isInstanceOf(Problem.KeyReused.class)
        .hasMessageContaining("another body");
    assertThat(store.refusal(new RunAsk.Repeated(other, Instant.now())))
        .isInstanceOf(Problem.KeyReused.class);
    assertThat(runs()).isEqualTo(1);
  }

  @Test
  void callersAndRoutesHaveKeysOfTheirOwn() {
    store.ask(once(key));
    store.ask(once(key("you", key.route(), key.key(), "b1")));
    store.ask(once(key(key.caller(), "POST /y", key.key(), "b2")));

    assertThat(runs()).isEqualTo(3);
  }

  @Test
  void aDayLaterTheKeyIsFree() {
    var now = Instant.now();
    var old = store.ask(once(Starts.request(script), key, now.minus(DAY).plusSeconds(5)));
    assertThat(store.ask(once(key)).run()).isEqualTo(old.run());

    store.execute("UPDATE submit_keys SET created = created - interval '6 s'");

    assertThat(store.ask(new RunAsk.Repeated(key, now))).isEmpty();
    var fresh = store.ask(once(Starts.request(script), key, now)).run();
    assertThat(fresh.id()).isNotEqualTo(old.run().id());
    assertThat(store.ask(once(key)).run()).isEqualTo(fresh);
  }

  @Test
  void aRefusedStartLeavesItsKeyFree() {
    script = Starts.script(store, Concurrency.SINGLE);
    var active = store.ask(Starts.insert(Starts.request(script, Door.ADMIN), lease, true)).run();

    assertThat(store.refusal(once(Starts.request(script, Door.ADMIN), key, Instant.now())))
        .isInstanceOf(Problem.Busy.class);
    assertThat(catchThrowable(() -> store.ask(once(Starts.adHoc("a\0b"), key, Instant.now()))))
        .isNotNull();
    assertThat(keys()).isZero();

    store.ask(Starts.succeed(active, lease));
    assertThat(store.ask(once(Starts.request(script, Door.ADMIN), key, Instant.now())).running())
        .isTrue();
  }

  @Test
  void whatMakesAScriptBusyIsNotInTheWayOfItsOwnRepeat() {
    script = Starts.script(store, Concurrency.SINGLE);
    var first = store.ask(once(Starts.request(script, Door.ADMIN), key, Instant.now()));

    assertThat(store.ask(once(Starts.request(script, Door.ADMIN), key, Instant.now())).run())
        .isEqualTo(first.run());
  }

  @Test
  void aKeyIsForgottenForItsOwnRunOnly() {
    var run = store.ask(once(key)).run();

    assertThat(store.ask(new RunWrite.Forget(key, UUID.randomUUID()))).isFalse();
    assertThat(store.ask(new RunWrite.Forget(key, run.id()))).isTrue();
    assertThat(store.ask(once(key)).run().id()).isNotEqualTo(run.id());
  }

  @Test
  void aKeyWhoseRunWasRemovedStartsNothing() {
    store.ask(once(key));
    store.execute("DELETE FROM runs WHERE script_id = '" + script.id() + "'");

    assertThat(store.refusal(once(key)))
        .isInstanceOf(Problem.KeyReused.class)
        .hasMessageContaining("no longer stored");
    assertThat(runs()).isZero();
  }

  @Test
  void expiredKeysGoInSmallBatches() {
    store.execute("DELETE FROM submit_keys");
    store.execute(
        """
        INSERT INTO submit_keys (caller, route, key, body, run_id, created)
        SELECT 'c', 'r', n::text, '', gen_random_uuid(),
               now() - CASE WHEN n <= 1100 THEN interval '25 h' ELSE interval '23 h' END
          FROM generate_series(1, 1150) AS n
        """);
    var table =
        new SubmitKeyTable(
            store.database,
            new RunTable(store.database, store.database, store.vertx.getOrCreateContext()));

    assertThat(SubmitKeyTable.SWEPT).isLessThan(1_100);
    assertThat(Store.await(table.removeExpired(Instant.now()))).isEqualTo(1_100);
    assertThat(store.count("SELECT count(*) FROM submit_keys")).isEqualTo(50);
  }

  @Test
  void aRunTellsWhatItRanAlsoAfterAnEdit() {
    var run = store.ask(Starts.insert(Starts.request(script), lease, true)).run();
    store.ask(new ScriptAsk.Update(script.id(), ScriptChange.content("edited", null)));

    var invocation = store.ask(new RunAsk.Invoked(run.id())).orElseThrow();

    assertThat(invocation).isEqualTo(Starts.request(script).invocation());
    store.ask(Starts.succeed(run, lease));
    store.ask(new ScriptAsk.Delete(script.id()));
    assertThat(store.ask(new RunAsk.Invoked(run.id()))).isEmpty();
    assertThat(store.ask(new RunAsk.Invoked(UUID.randomUUID()))).isEmpty();
  }

  @Test
  void titleAndOriginalAreInTheRecord() {
    store.ask(
        new ScriptAsk.Update(
            script.id(),
            new ScriptChange(
                null,
                "A title",
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                Turns.Change.NONE,
                null)));
    var titled = store.ask(new ScriptAsk.FindById(script.id())).orElseThrow();
    var first = store.ask(Starts.insert(Starts.request(titled), lease, true)).run();
    var plain = Starts.request(titled);
    var again =
        RunRequest.again(
            first, titled, plain.invocation(), plain.trigger(), plain.meta(), _ -> null);
    var second = store.ask(Starts.insert(again, lease, true)).run();

    var stored = store.ask(new RunAsk.Find(second.id())).orElseThrow();
    assertThat(stored).isEqualTo(second);
    assertThat(stored.script().title()).isEqualTo("A title");
    assertThat(stored.meta().rerunOf()).isEqualTo(first.id());
    assertThat(first.meta().rerunOf()).isNull();
  }
}
