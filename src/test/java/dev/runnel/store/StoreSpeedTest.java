package dev.runnel.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.bus.Ask;
import dev.runnel.bus.RunAsk;
import dev.runnel.bus.RunWrite;
import dev.runnel.run.Run;
import dev.runnel.run.RunQuery;
import dev.runnel.script.Concurrency;
import dev.runnel.script.Script;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the store's statements cost, on an empty database and on one with a million runs. */
@Tag("bench")
class StoreSpeedTest {
  private static final int STORED = 1_000_000;

  @Test
  void startListAndClaimCostTheSameWithAMillionRuns() {
    try (var store = Store.open(DebianServer.own())) {
      var lease = Starts.life(store);
      var script = Starts.script(store, Concurrency.PARALLEL);
      measure("warm up", store, lease, script);
      var empty = measure("empty", store, lease, script);
      fill(store, script);
      var full = measure("a million runs", store, lease, script);
      for (var i = 0; i < empty.size(); i++) {
        assertThat(full.get(i)).isLessThan(2 * empty.get(i));
      }
    }
  }

  private static List<Double> measure(
      String name, Store store, RunWrite.Lease lease, Script script) {
    var insert = p50(1_000, () -> insert(store, lease, script));
    end(store, lease);
    var claim = p50(500, () -> claim(store, lease, script));
    end(store, lease);
    var list = p50(500, () -> store.bus.ask(query(script)));
    System.out.printf(
        "%s: insert p50 %.3f ms, queue + claim p50 %.3f ms, list of 20 p50 %.3f ms%n",
        name, insert, claim, list);
    System.out.printf(
        "%s, 32 clients: %.0f inserts/s",
        name, perSecond(32, 20_000, () -> insert(store, lease, script)));
    end(store, lease);
    System.out.printf(
        ", %.0f inserts with finish/s%n",
        perSecond(
            32,
            10_000,
            () ->
                insert(store, lease, script)
                    .compose(one -> store.bus.ask(Starts.succeed(one.run(), lease)))));
    return List.of(insert, claim, list);
  }

  private static Future<RunWrite.Inserted> insert(
      Store store, RunWrite.Lease lease, Script script) {
    return store.bus.ask(Starts.insert(Starts.request(script), lease, true));
  }

  private static Future<?> claim(Store store, RunWrite.Lease lease, Script script) {
    return store
        .bus
        .ask(Starts.insert(Starts.request(script), lease, false))
        .compose(_ -> store.bus.ask(new RunWrite.Claim(lease, 1, Instant.now())));
  }

  private static Ask<List<Run>> query(Script script) {
    return new RunAsk.Search(new RunQuery(script.id(), null, null, null, null, 20));
  }

  private static void end(Store store, RunWrite.Lease lease) {
    store.execute(
        "UPDATE runs SET status = 'succeeded' WHERE status = 'running' AND node_id = '"
            + lease.node()
            + "'");
  }

  private static void fill(Store store, Script script) {

    for (var i = 0; i < STORED / 50_000; i++) {
      store.execute(
          """
          INSERT INTO runs (id, script_id, script_name, code_identifier, language, runner,
            content_version, sha256, args, env, working_directory, timeout_ms, door, trigger,
            actor_type, meta_door, status, created_at, started_at, finished_at, updated_at, last_seq)
          SELECT overlay(gen_random_uuid()::text PLACING '0190' FROM 1 FOR 4)::uuid, '%s', 'n', 'n',
                 'bash', 'host', 1, repeat('a', 64), '{}', '', '', 1000, 'bosbase', 'api', 'guest',
                 'bosbase', 'succeeded', now(), now(), now(), now(), 3
            FROM generate_series(1, 50000)
          """
              .formatted(script.id()));
    }
  }

  private static double p50(int times, Supplier<Future<?>> action) {
    var nanos = new long[times];
    for (var i = 0; i < times; i++) {
      var start = System.nanoTime();
      Store.await(action.get());
      nanos[i] = System.nanoTime() - start;
    }
    Arrays.sort(nanos);
    return nanos[times / 2] / 1e6;
  }

  private static double perSecond(int clients, int times, Supplier<Future<?>> action) {
    var start = System.nanoTime();
    var all = new ArrayList<Future<?>>();
    for (var i = 0; i < clients; i++) {
      all.add(loop(times / clients, action));
    }
    Store.await(Future.all(all));
    return times / ((System.nanoTime() - start) / 1e9);
  }

  private static Future<?> loop(int left, Supplier<Future<?>> action) {
    return left == 0 ? Future.succeededFuture() : action.get().compose(_ -> loop(left - 1, action));
  }
}
