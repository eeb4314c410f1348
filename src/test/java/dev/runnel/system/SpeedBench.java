package dev.runnel.system;

import dev.runnel.system.ShortRuns.Script;
import java.io.IOException;
import java.nio.file.Path;
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

  @TempDir Path home;

  @Test
  void everything() throws Exception {
    var report = new Report();
    try (var service = ServiceProcess.startOptimised(home, Map.of("SCRIPTS_BASH_LOGIN", "false"))) {
      shortRuns(service, report);
    }
    System.out.println(report.write(Path.of("target")));
  }

  private static void shortRuns(ServiceProcess service, Report report) throws IOException {
    var alone =
        report.table(
            "One client: a synchronous run over HTTP beside the bare interpreter",
            "Milliseconds. Bare = posix_spawn, read, wait. In turns of 25; the ratio is the median"
                + " of the rounds', each of medians. CPU = processor time of one run.",
            "script",
            "bare p50",
            "bare p95",
            "bare p99",
            "p50",
            "p95",
            "p99",
            "ratio",
            "best round",
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
    measure(service, Script.PYTHON, 800, alone, together);
    measure(service, Script.NODE, 100, alone, together);
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
          script.argv().getFirst(),
          one.bare().p50(),
          one.bare().p(95),
          one.bare().p(99),
          one.runnel().p50(),
          one.runnel().p(95),
          one.runnel().p(99),
          one.ratio(),
          one.bestRatio(),
          one.perRun().service(),
          one.perRun().database(),
          one.perRun().scripts());
      for (var clients : new int[] {1, 8, 32}) {
        var load = measured.atOnce(clients, count);
        together.row(
            script.argv().getFirst(),
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
}
