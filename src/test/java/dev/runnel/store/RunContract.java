package dev.runnel.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.runnel.bus.RunAsk;
import dev.runnel.bus.RunWrite;
import dev.runnel.run.Outcome;
import dev.runnel.run.Output;
import dev.runnel.run.OutputTotals;
import dev.runnel.run.Reason;
import dev.runnel.run.ResultFormat;
import dev.runnel.run.ReturnValue;
import dev.runnel.run.Run;
import dev.runnel.run.RunEvent;
import dev.runnel.run.RunQuery;
import dev.runnel.run.RunStatus;
import dev.runnel.run.Trigger;
import dev.runnel.script.Concurrency;
import dev.runnel.script.Script;
import io.vertx.core.Future;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Records of runs and how they end. */
abstract class RunContract extends StoreContract {
  @SuppressWarnings("NullAway.Init") // set before every test
  private RunWrite.Lease lease;

  @BeforeAll
  void begin() {
    lease = Starts.life(store);
  }

  @Test
  void aFinishedRunShowsEverythingThatIsKnownOfItsEnd() {
    var run = Starts.running(store, lease);
    var now = Instant.now();
    var totals = new OutputTotals(5, 4, "ab", "cd", 2);
    var value = new ReturnValue("\"\\u0000\"", ResultFormat.STRING, "cut");
    var outcome =
        new Outcome(
            RunStatus.FAILED,
            Reason.SIGNAL,
            137,
            "SIGKILL",
            "killed",
            3,
            Duration.ofMillis(12),
            1L << 33);
    var events =
        List.<RunEvent>of(
            Starts.log(2, Output.STDOUT, "hello"),
            new RunEvent.Gap(5, now, 3, 99),
            new RunEvent.Result(6, now, value),
            new RunEvent.Status(7, now, RunStatus.FAILED, 137),
            new RunEvent.Done(8, now, RunStatus.FAILED, 137, totals));

    assertThat(
            store.ask(
                new RunWrite.Finish(
                    run.id(), lease, now, now, events, outcome, value, totals, true, now, 8)))
        .isTrue();

    var ended = store.ask(new RunAsk.Find(run.id())).orElseThrow();
    assertThat(ended.status()).isEqualTo(RunStatus.FAILED);
    assertThat(ended.outcome()).isEqualTo(outcome);
    assertThat(ended.value()).isEqualTo(value);
    assertThat(ended.totals()).isEqualTo(totals);
    assertThat(ended.logTruncated()).isTrue();
    assertThat(ended.lastOutputAt()).isEqualTo(Cells.stored(now));
    assertThat(ended.lastSeq()).isEqualTo(8);
    assertThat(ended.duration()).isEqualTo(Duration.ZERO);
    var page = store.ask(new RunAsk.Events(run.id(), 2, 1 << 20));
    assertThat(page.ended()).isTrue();
    assertThat(page.events())
        .usingRecursiveComparison()
        .withComparatorForType(
            (one, other) -> Cells.stored(one).compareTo(Cells.stored(other)), Instant.class)
        .isEqualTo(events.subList(1, 5));
  }

  @Test
  void aRunEndsOnlyOnce() {
    var run = Starts.running(store, lease);
    var finish = Starts.succeed(run, lease);

    assertThat(store.ask(finish)).isTrue();
    assertThat(store.ask(Starts.finish(run, lease, RunStatus.FAILED, 2, List.of()))).isFalse();

    assertThat(store.ask(new RunAsk.Find(run.id())).orElseThrow().status())
        .isEqualTo(RunStatus.SUCCEEDED);
    assertThat(store.ask(new RunAsk.Events(run.id(), 0, 1 << 20)).events()).hasSize(3);
  }

  @Test
  void aFinishWhoseAnswerWasLostMayBeSentAgain() {
    var run = Starts.running(store, lease);
    var finish = Starts.succeed(run, lease);

    assertThat(store.ask(finish)).isTrue();
    assertThat(store.ask(finish)).isTrue();
    assertThat(store.ask(new RunAsk.Events(run.id(), 0, 1 << 20)).events()).hasSize(3);
  }

  @Test
  void writesOfAFormerLifeChangeNothing() {
    var node = UUID.randomUUID();
    var now = Starts.life(store, node).lease();
    var former = new RunWrite.Lease(node, now.epoch() - 1);
    var run = Starts.running(store, now);

    assertThat(store.ask(Starts.succeed(run, former))).isFalse();
    assertThat(
            store.ask(
                new RunWrite.Append(
                    run.id(), former, List.of(Starts.log(2, Output.STDOUT, "late")))))
        .isFalse();
    assertThat(store.ask(new RunWrite.Renew(former, Instant.now()))).isFalse();
    assertThat(store.ask(new RunWrite.EndLife(former, false))).isFalse();

    assertThat(store.ask(new RunAsk.Find(run.id()))).contains(run);
    assertThat(store.ask(new RunAsk.Events(run.id(), 0, 1 << 20)).events()).hasSize(1);
    store.ask(Starts.succeed(run, now));
  }

  @Test
  void writesOfOneRunKeepTheirOrderHoweverTheyAreSent() {
    var run = Starts.running(store, lease);
    var writes = new ArrayList<Future<Boolean>>();
    for (var seq = 2; seq < 52; seq++) {
      var event = Starts.log(seq, Output.STDOUT, seq + "\n");
      writes.add(store.bus.ask(new RunWrite.Append(run.id(), lease, List.of(event))));
    }
    writes.add(store.bus.ask(Starts.finish(run, lease, RunStatus.SUCCEEDED, 52, List.of())));

    assertThat(writes).allSatisfy(write -> assertThat(Store.await(write)).isTrue());
    assertThat(store.ask(new RunAsk.Events(run.id(), 0, 1 << 20)).events()).hasSize(53);
  }

  @Test
  void aRunningRunShowsWhatWasAppended() {
    var run = Starts.running(store, lease);
    var log = Starts.log(3, Output.STDERR, "oops");
    var append =
        new RunWrite.Append(run.id(), lease, List.of(Starts.log(2, Output.STDOUT, "fine\n"), log));

    assertThat(store.ask(append)).isTrue();
    assertThat(store.ask(append)).isTrue();

    var shown = store.ask(new RunAsk.Find(run.id())).orElseThrow();
    assertThat(shown.lastSeq()).isEqualTo(3);
    assertThat(shown.lastOutputAt()).isEqualTo(Cells.stored(log.at()));
    assertThat(shown.totals().stdoutBytes()).isEqualTo(5);
    assertThat(shown.totals().stderrBytes()).isEqualTo(4);
    store.ask(Starts.finish(run, lease, RunStatus.SUCCEEDED, 4, List.of()));
  }

  @Test
  void listsAreNewestFirstAndFiltered() {
    var script = Starts.script(store, Concurrency.PARALLEL);
    var first = finished(script, RunStatus.SUCCEEDED);
    var second = finished(script, RunStatus.FAILED);
    var between = Instant.now();
    var third = finished(script, RunStatus.CANCELED);
    finished(Starts.script(store, Concurrency.PARALLEL), RunStatus.FAILED);

    assertThat(found(query(script, null, null, null, 9))).containsExactly(third, second, first);
    assertThat(found(query(script, null, null, null, 2))).containsExactly(third, second);
    assertThat(found(query(script, RunStatus.FAILED, null, null, 9))).containsExactly(second);
    assertThat(found(query(script, null, Trigger.API, null, 1))).containsExactly(third);
    assertThat(found(query(script, null, Trigger.MANUAL, null, 9))).isEmpty();
    assertThat(found(query(script, null, null, between, 9))).containsExactly(second, first);
    assertThat(store.ask(new RunAsk.Search(new RunQuery(null, null, null, null, null, 3))))
        .hasSize(3);
  }

  @Test
  void theRunsOfAScriptThatHasFewAreFoundWithoutReadingThoseOfAnother() throws SQLException {
    var schema = "few_" + UUID.randomUUID().toString().replace("-", "");
    Script script;
    try (var before = Store.open(server(), schema)) {
      script = Starts.script(before, Concurrency.PARALLEL);
      before.ask(Starts.insert(Starts.request(script), Starts.life(before), true));
      var other = Starts.script(before, Concurrency.PARALLEL);
      History.fill(server().address(schema), other.id(), 3_000);
    }
    History.tidy(server().address(schema));

    try (var after = Store.open(server(), schema)) {
      var readOfAll = read(after, "runs_pkey");
      var readOfScripts = read(after, "runs_by_script");
      // The server counts with a second's delay.
      await("the script's own index is read")
          .until(() -> {
            assertThat(after.ask(new RunAsk.Search(query(script, null, null, null, 20))))
                .hasSize(1);
            return read(after, "runs_by_script") > readOfScripts;
          });
      assertThat(read(after, "runs_pkey") - readOfAll).isLessThan(100);
    }
  }

  @Test
  void everyFilterGoesTogetherWithEveryOther() {
    var script = Starts.script(store, Concurrency.PARALLEL);
    for (var status : RunStatus.values()) {
      for (var trigger : Trigger.values()) {
        var query = new RunQuery(script.id(), status, trigger, Instant.now(), null, 200);
        assertThat(store.ask(new RunAsk.Search(query))).isEmpty();
      }
    }
  }

  @Test
  void activeRunsOfAScriptAreTheQueuedAndTheRunning() {
    var script = Starts.script(store, Concurrency.PARALLEL);
    finished(script, RunStatus.SUCCEEDED);
    var running = store.ask(Starts.insert(Starts.request(script), lease, true)).run();
    var queued = store.ask(Starts.insert(Starts.request(script), lease, false)).run();

    assertThat(store.ask(new RunAsk.Active(script.id())))
        .containsExactlyInAnyOrder(running.id(), queued.id());

    var outcome = Outcome.neverStarted(RunStatus.CANCELED, null, null);
    store.ask(new RunWrite.EndQueued(queued.id(), Instant.now(), outcome));
    store.ask(Starts.succeed(running, lease));
    assertThat(store.ask(new RunAsk.Active(script.id()))).isEmpty();
  }

  @Test
  void anUnknownRunIsNotFound() {
    assertThat(store.ask(new RunAsk.Find(UuidCreator.getTimeOrderedEpoch()))).isEmpty();
  }

  /** How many entries of this index the server has counted as read. */
  private static long read(Store store, String index) {
    return store.count(
        """
        SELECT idx_tup_read FROM pg_stat_user_indexes
         WHERE schemaname = current_schema() AND indexrelname = '%s'
        """
            .formatted(index));
  }

  private UUID finished(Script script, RunStatus status) {
    var run = store.ask(Starts.insert(Starts.request(script), lease, true)).run();
    store.ask(Starts.finish(run, lease, status, 2, List.of()));
    return run.id();
  }

  private Stream<UUID> found(RunQuery query) {
    return store.ask(new RunAsk.Search(query)).stream().map(Run::id);
  }

  private static RunQuery query(
      Script script,
      @Nullable RunStatus status,
      @Nullable Trigger trigger,
      @Nullable Instant before,
      int limit) {
    return new RunQuery(script.id(), status, trigger, before, null, limit);
  }
}
