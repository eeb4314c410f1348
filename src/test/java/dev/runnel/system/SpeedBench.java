package dev.runnel.system;

import dev.runnel.system.ShortRuns.Script;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What everything costs, measured in one run and beside the bare interpreter: prints tables and
 * writes {@code target/bench.md} and {@code target/bench.json}. The callers run in this JVM, on the
 * same cores as the service, which has a process of its own.
 */
@Tag("bench")
class SpeedBench {
  /** Divides all counts, to try the bench itself. */
  private static final int SHRINK = Integer.getInteger("bench.shrink", 1);

  private static final Map<String, String> NO_LOGIN = Map.of("SCRIPTS_BASH_LOGIN", "false");

  @TempDir Path home;

  @Test
  void everything() throws Exception {
    var report = new Report();
    try (var service = ServiceProcess.startOptimised(home.resolve("runs"), NO_LOGIN)) {
      shortRuns(service, report);
      modules(service, report);
      output(service, report);
    }
    try (var service = ServiceProcess.startOptimised(home.resolve("crowd"), NO_LOGIN)) {
      followers(service, report);
    }
    starts(report);
    storedRuns(report);
    System.out.println(report.write(Path.of("target")));
  }

  private static void shortRuns(ServiceProcess service, Report report) throws IOException {
    var alone =
        report.table(
            "One client: a synchronous run over HTTP beside the bare interpreter",
            "Milliseconds. Bare = posix_spawn, read, wait. In turns of 25. Ratio: the median of the"
                + " rounds'; best: the best round of Runnel over the best of the bare one. CPU ="
                + " processor time of one run.",
            "script",
            "bare p50",
            "bare p95",
            "bare p99",
            "p50",
            "p95",
            "p99",
            "ratio",
            "best",
            "CPU service",
            "CPU database",
            "CPU script");
    var together =
        report.table(
            "Several clients",
            "Runs per second, milliseconds. CPU = processor time of one run.",
            "script",
            "clients",
            "bare/s",
            "runs/s",
            "p50",
            "p95",
            "p99",
            "CPU service",
            "CPU database",
            "CPU script");
    measure(service, Script.BASH, 4_000, alone, together);
    measure(service, Script.COMMAND, 4_000, alone, together);
    measure(service, Script.PYTHON, 200, alone, together);
    measure(service, Script.NODE, 100, alone, together);
    // From here on there is a .venv, which all python scripts use.
    measure(service, Script.program(service.home()), 400, alone, together);
    measure(service, Script.called(service.home()), 400, alone, together);
  }

  /** A tenth of the runs for each of eight rounds, all of them for each number of clients. */
  private static void measure(
      ServiceProcess service, Script script, int runs, Report.Table alone, Report.Table together)
      throws IOException {
    var count = Math.max(25, runs / SHRINK);
    try (var measured = new ShortRuns(service, script)) {
      measured.warmUp(count);
      var one = measured.oneByOne(8, Math.max(1, count / 800));
      alone.row(
          script.title(),
          one.turns().allOfBase().p50(),
          one.turns().allOfBase().p(95),
          one.turns().allOfBase().p(99),
          one.turns().allOfOther().p50(),
          one.turns().allOfOther().p(95),
          one.turns().allOfOther().p(99),
          one.turns().ratio(),
          one.turns().bestRatio(),
          one.perRun().service(),
          one.perRun().database(),
          one.perRun().scripts());
      for (var clients : new int[] {1, 8, 32}) {
        var load = measured.atOnce(clients, count);
        together.row(
            script.title(),
            clients,
            load.bare().perSecond(),
            load.runnel().perSecond(),
            load.runnel().millis().p50(),
            load.runnel().millis().p(95),
            load.runnel().millis().p(99),
            load.perRun().service(),
            load.perRun().database(),
            load.perRun().scripts());
      }
    }
  }

  private static void modules(ServiceProcess service, Report report) throws IOException {
    var table =
        report.table(
            "WebAssembly modules in the built-in runtime",
            "Milliseconds of a synchronous run over HTTP, one client, warm.",
            "function",
            "p50",
            "p95",
            "p99");
    var count = Math.max(50, 1_000 / SHRINK);
    try (var modules = new ModuleRuns(service)) {
      modules.fib25(count);
      var fib = modules.fib25(count);
      table.row("fib(25)", fib.p50(), fib.p(95), fib.p(99));
      var add = modules.add(count);
      table.row("add(1, 2)", add.p50(), add.p(95), add.p(99));
    }
  }

  private static void output(ServiceProcess service, Report report) throws IOException {
    var table =
        report.table(
            "Output to one follower",
            "Lines of 200 bytes, 500 MB a run, over the event stream; MB of output without frames."
                + " What a follower does not take in time beyond the log limit is left out and"
                + " announced. CPU = ms of processor time for each MB that came.",
            "others",
            "MB/s",
            "best",
            "left out MB",
            "CPU service",
            "CPU database",
            "CPU script");
    var token = service.token();
    var script = Flood.script(service.client(), Math.max(20, 500 / SHRINK));
    for (var stalled : new int[] {0, 0, 3}) { // the first is the warm-up
      var all = new ArrayList<Flood.Got>();
      for (var i = 0; i < 5; i++) {
        all.add(Flood.follow(service, token, script, stalled));
      }
      var middle = all.stream().sorted(Comparator.comparingDouble(Flood.Got::perSecond)).toList();
      table.row(
          stalled == 0 ? "none" : stalled + " stalled",
          middle.get(2).perSecond(),
          middle.getLast().perSecond(),
          middle.get(2).leftOut(),
          middle.get(2).perMegabyte().service(),
          middle.get(2).perMegabyte().database(),
          middle.get(2).perMegabyte().scripts());
    }
    table.rows().removeFirst();
  }

  private void followers(ServiceProcess service, Report report) throws IOException {
    var table =
        report.table(
            "Followers of one run",
            "All get every event once and in order. CPU = ms of processor time of the service for"
                + " 1,000 deliveries.",
            "followers",
            "events each",
            "deliveries/s",
            "CPU",
            "JVM MB");
    for (var count : new int[] {1, 100, 1_000}) {
      var crowd = CountingRun.follow(service, home, Math.max(1, count / SHRINK), 1_000 / SHRINK);
      table.row(
          crowd.followers(),
          crowd.events(),
          crowd.events() * crowd.followers() / crowd.seconds(),
          1_000 * crowd.cpu().service() / crowd.events() / crowd.followers(),
          service.residentBytes() / 1e6);
    }
  }

  private void starts(Report report) throws Exception {
    var table =
        report.table(
            "Start",
            "Seconds from the command `java -jar` to the first answer of /api/health; MB resident"
                + " then.",
            "start",
            "median",
            "best",
            "JVM MB",
            "database MB");
    var times = new StartTimes(home);
    var first = times.first(3);
    var plain = times.later(5, List.of());
    var cached = times.later(5, times.aotCache());
    start(table, "the very first", first);
    start(table, "existing data", plain);
    start(table, "existing data, AOT cache", cached);
  }

  private static void start(Report.Table table, String name, StartTimes.Starts starts) {
    table.row(
        name,
        starts.median(),
        starts.best(),
        starts.residentMegabytes(),
        starts.databaseMegabytes());
  }

  private void storedRuns(Report report) throws Exception {
    var stored = 1_000_000 / SHRINK;
    var table =
        report.table(
            "Stored runs",
            "Milliseconds, one client: a service on an empty database and one with %,d stored runs"
                    .formatted(stored)
                + " on the same server, in turns of 25.",
            "request",
            "empty p50",
            "empty p95",
            "full p50",
            "full p95",
            "ratio",
            "best");
    try (var services = new StoredRuns(home.resolve("stored"), stored)) {
      for (var cost : services.measure(6, Math.max(1, 6 / SHRINK))) {
        table.row(
            cost.what(),
            cost.turns().allOfBase().p50(),
            cost.turns().allOfBase().p(95),
            cost.turns().allOfOther().p50(),
            cost.turns().allOfOther().p(95),
            cost.turns().ratio(),
            cost.turns().bestRatio());
      }
    }
  }
}
