package dev.runnel.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.bus.RunAsk;
import dev.runnel.bus.RunWrite;
import dev.runnel.run.RunQuery;
import dev.runnel.run.RunStatus;
import dev.runnel.script.Concurrency;
import dev.runnel.script.Script;
import io.vertx.core.Future;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What the store's statements cost with a million stored runs beside what they cost on an empty
 * schema of the same server. Both are measured in turns; the best round of one is held against the
 * best of the other, since other work on the machine meets some of them.
 */
@Tag("prove")
class HistoryProof {
  private static final int STORED = Integer.getInteger("prove.stored", 1_000_000);
  private static final int ROUNDS = 6;
  private static final int TURNS = 8;
  private static final int TURN = 25;
  private static final int LISTED = 20;
  private static final double LIMIT = 1.2;

  /** One store and what is needed to ask it. */
  private record Side(Store store, RunWrite.Lease lease, Script script) {
    static Side open(String schema) {
      var store = Store.open(EmbeddedServer.shared(), schema);
      var side = new Side(store, Starts.life(store), Starts.script(store, Concurrency.PARALLEL));
      for (var i = 0; i < LISTED; i++) {
        side.fail();
      }
      return side;
    }

    /** Every list has something to show. */
    private void fail() {
      var run = Starts.running(store, lease);
      store.ask(Starts.finish(run, lease, RunStatus.FAILED, run.lastSeq() + 1, List.of()));
    }

    Future<?> start() {
      return insert(true).compose(started -> store.bus.ask(Starts.succeed(started.run(), lease)));
    }

    Future<?> claim() {
      return insert(false)
          .compose(_ -> store.bus.ask(new RunWrite.Claim(lease, 1, Instant.now())))
          .compose(claimed -> store.bus.ask(Starts.succeed(claimed.getFirst().run(), lease)));
    }

    Future<?> list() {
      return store.bus.ask(
          new RunAsk.Search(new RunQuery(script.id(), null, null, null, null, LISTED)));
    }

    Future<?> failures() {
      return store.bus.ask(
          new RunAsk.Search(new RunQuery(null, RunStatus.FAILED, null, null, null, LISTED)));
    }

    private Future<RunWrite.Inserted> insert(boolean slotFree) {
      return store.bus.ask(Starts.insert(Starts.request(script), lease, slotFree));
    }
  }

  @Test
  void startListAndClaimCostTheSameWithAMillionStoredRuns() throws SQLException {
    var name = "h" + UUID.randomUUID().toString().replace("-", "");
    var empty = Side.open(name + "_empty");
    var full = Side.open(name + "_full");
    try {
      History.fill(EmbeddedServer.shared().address(name + "_full"), full.script.id(), STORED);
      History.tidy(EmbeddedServer.shared().address(name + "_full"));
      var worst = new ArrayList<String>();
      hold("start and end", Side::start, empty, full, worst);
      hold("queue, claim and end", Side::claim, empty, full, worst);
      hold("list of 20", Side::list, empty, full, worst);
      hold("the last 20 failed", Side::failures, empty, full, worst);
      assertThat(worst).isEmpty();
    } finally {
      full.store.execute("DROP SCHEMA \"" + name + "_full\" CASCADE");
      full.store.close();
      empty.store.close();
    }
  }

  private static void hold(
      String what, Function<Side, Future<?>> action, Side empty, Side full, List<String> broken) {
    for (var i = 0; i < 20; i++) {
      p50(empty, action);
      p50(full, action);
    }
    var bestOfEmpty = Double.MAX_VALUE;
    var bestOfFull = Double.MAX_VALUE;
    for (var round = 0; round < ROUNDS; round++) {
      var emptyTurns = new double[TURNS];
      var fullTurns = new double[TURNS];
      for (var turn = 0; turn < TURNS; turn++) {
        emptyTurns[turn] = p50(empty, action);
        fullTurns[turn] = p50(full, action);
      }
      bestOfEmpty = Math.min(bestOfEmpty, middle(emptyTurns));
      bestOfFull = Math.min(bestOfFull, middle(fullTurns));
      System.out.printf(
          "%s: empty p50 %.3f ms, %,d stored p50 %.3f ms%n",
          what, middle(emptyTurns), STORED, middle(fullTurns));
    }
    if (bestOfFull > LIMIT * bestOfEmpty) {
      broken.add("%s: %.3f ms to %.3f ms".formatted(what, bestOfEmpty, bestOfFull));
    }
  }

  private static double p50(Side side, Function<Side, Future<?>> action) {
    var millis = new double[TURN];
    for (var i = 0; i < TURN; i++) {
      var start = System.nanoTime();
      Store.await(action.apply(side));
      millis[i] = (System.nanoTime() - start) / 1e6;
    }
    return middle(millis);
  }

  private static double middle(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }
}
