package dev.runnel.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.bus.RunAsk;
import dev.runnel.bus.RunWrite;
import dev.runnel.config.RetentionOptions;
import dev.runnel.run.Output;
import dev.runnel.run.Run;
import dev.runnel.run.RunEvent;
import dev.runnel.run.RunQuery;
import dev.runnel.run.RunStatus;
import dev.runnel.script.Concurrency;
import dev.runnel.script.Script;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is kept of runs that have ended, and for how long. */
abstract class RetentionContract extends StoreContract {
  @SuppressWarnings("NullAway.Init") // set before every test
  private Instant now;

  @SuppressWarnings("NullAway.Init") // set before every test
  private RunWrite.Lease lease;

  @BeforeEach
  void begin() {
    now = Instant.now();
    store.execute("DELETE FROM chores");
    store.execute("DELETE FROM run_log");
    store.execute("DELETE FROM runs");
    lease = Starts.life(store);
  }

  @Test
  void runsGoWithTheirLogWhenTheyEndedLongAgoAndNotBefore() {
    var old = ended(Starts.running(store, lease));
    var lately = ended(Starts.running(store, lease));
    endedAt(lately, now.plus(Duration.ofDays(20)));
    var running = Starts.running(store, lease);
    var queued = store.ask(Starts.insert(Starts.adHoc(""), lease, false)).run();

    later(Duration.ofDays(29));
    assertThat(sweep(30, 0)).isZero();

    later(Duration.ofDays(2));
    assertThat(sweep(30, 0)).isEqualTo(1);

    assertThat(stored()).containsExactlyInAnyOrder(lately.id(), running.id(), queued.id());
    assertThat(logRows(old)).isZero();
    assertThat(logRows(lately)).isPositive();
    later(Duration.ofDays(9_999));
    assertThat(sweep(0, 0)).as("for ever").isZero();
  }

  @Test
  void ofEachScriptTheNewestStayAndWhatEndedInTheLastHour() {
    var script = Starts.script(store, Concurrency.PARALLEL);
    var other = Starts.script(store, Concurrency.PARALLEL);
    var running = started(script);
    var runs = IntStream.range(0, 6).mapToObj(_ -> ended(started(script))).toList();
    var others = IntStream.range(0, 3).mapToObj(_ -> ended(started(other))).toList();
    var adHoc = IntStream.range(0, 5).mapToObj(_ -> ended(Starts.running(store, lease))).toList();
    endedAt(runs.get(1), now.plus(Duration.ofMinutes(90)));

    assertThat(sweep(30, 3)).as("all of them ended just now").isZero();
    later(Duration.ofHours(2));
    assertThat(sweep(30, 3)).isEqualTo(1);

    var kept = new ArrayList<UUID>();
    kept.add(running.id());
    // The running one is the oldest and does not count: the three newest, and one for its sake.
    runs.subList(1, 6).forEach(run -> kept.add(run.id()));
    others.forEach(run -> kept.add(run.id()));
    adHoc.forEach(run -> kept.add(run.id()));
    assertThat(stored()).containsExactlyInAnyOrderElementsOf(kept);

    assertThat(store.ask(Starts.finish(running, lease, RunStatus.SUCCEEDED, 2, List.of())))
        .isTrue();
    later(Duration.ofHours(2));
    assertThat(sweep(30, 3)).isEqualTo(3);
    assertThat(stored()).doesNotContain(running.id(), runs.get(1).id(), runs.get(2).id());
    assertThat(sweep(30, 3)).isZero();
  }

  @Test
  void aLogThatIsLongGoesInPiecesAndOneWithoutARunGoesToo() {
    var run = Starts.running(store, lease);
    var events = new ArrayList<RunEvent>();
    for (var seq = 2; seq < 1_000; seq++) {
      events.add(Starts.log(seq, Output.STDOUT, seq + "\n"));
    }
    store.ask(new RunWrite.Append(run.id(), lease, events));
    store.ask(Starts.finish(run, lease, RunStatus.SUCCEEDED, 1_000, List.of()));
    var active = Starts.running(store, lease);
    store.execute(
        """
        INSERT INTO run_log (run_id, seq, at, kind, data)
        SELECT '%s', seq, now(), 1, 'x' FROM generate_series(1, 600) AS seq
        """
            .formatted(UUID.randomUUID()));

    later(Duration.ofDays(31));
    assertThat(sweep(30, 0)).isEqualTo(1);

    assertThat(stored()).containsExactly(active.id());
    assertThat(store.count("SELECT count(*) FROM run_log")).isEqualTo(1);
    assertThat(logRows(active)).isEqualTo(1);
  }

  @Test
  void oneNodeAtATimeTakesATurn() {
    ended(Starts.running(store, lease));
    now = now.plus(Duration.ofDays(31));
    var first = retention(30, 0);
    var second = retention(30, 0);
    var sweeps = List.of(first.sweep(), second.sweep());
    assertThat(sweeps.stream().mapToInt(Store::await).sum()).isEqualTo(1);

    ended(Starts.running(store, lease));
    store.execute("UPDATE runs SET finished_at = finished_at - interval '1 day'");
    assertThat(Store.await(second.sweep())).as("the turn is not over").isZero();
    later(Retention.TURN);
    assertThat(Store.await(second.sweep())).isEqualTo(1);
  }

  private void later(Duration time) {
    now = now.plus(time);
  }

  private Retention retention(int days, int count) {
    var retention = new Retention(store.database, new RetentionOptions(days, count), () -> now);
    Store.await(store.vertx.deployVerticle(retention));
    return retention;
  }

  private int sweep(int days, int count) {
    later(Retention.TURN);
    return Store.await(retention(days, count).sweep());
  }

  private Run started(Script script) {
    return store.ask(Starts.insert(Starts.request(script), lease, true)).run();
  }

  private Run ended(Run run) {
    assertThat(store.ask(Starts.succeed(run, lease))).isTrue();
    return run;
  }

  private void endedAt(Run run, Instant time) {
    store.execute("UPDATE runs SET finished_at = '%s' WHERE id = '%s'".formatted(time, run.id()));
  }

  private List<UUID> stored() {
    return store.ask(new RunAsk.Search(new RunQuery(null, null, null, null, null, 100))).stream()
        .map(Run::id)
        .toList();
  }

  private long logRows(Run run) {
    return store.count("SELECT count(*) FROM run_log WHERE run_id = '" + run.id() + "'");
  }
}
