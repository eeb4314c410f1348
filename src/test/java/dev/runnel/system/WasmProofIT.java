package dev.runnel.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The budget of modules in the built-in runtime: warm ones are fast and disturb nobody. */
@Tag("prove")
class WasmProofIT {
  /** Divides rounds and times, to try the proof itself. */
  private static final int SHRINK = Integer.getInteger("prove.shrink", 1);

  @TempDir Path home;

  @Test
  void aWarmFib25TakesAtMostFifteenMilliseconds() throws Exception {
    try (var service = ServiceProcess.startOptimised(home, Map.of());
        var modules = new ModuleRuns(service)) {
      modules.fib25(600 / SHRINK);
      var rounds = new ArrayList<Double>();
      for (var round = 0; round < 6; round++) {
        var took = modules.fib25(200 / SHRINK);
        System.out.printf(
            "fib(25): p50 %.2f ms, p95 %.2f ms, p99 %.2f ms%n", took.p50(), took.p(95), took.p(99));
        rounds.add(took.p50());
      }
      assertThat(Samples.least(rounds)).as("best of six rounds").isLessThanOrEqualTo(15);
    }
  }

  @Test
  void fiftyCallersAtOnceLeaveTheServiceResponsive() throws Exception {
    try (var service = ServiceProcess.startOptimised(home, Map.of());
        var modules = new ModuleRuns(service)) {
      modules.crowded(50, Duration.ofSeconds(10 / SHRINK));
      var rounds = new ArrayList<Double>();
      for (var round = 0; round < 3; round++) {
        var load = modules.crowded(50, Duration.ofSeconds(10 / SHRINK));
        var calls = load.calls();
        System.out.printf(
            "50 callers of modules: %.0f/s, p50 %.2f ms, p99 %.2f ms; health: p50 %.2f ms, p99 %.2f"
                + " ms%n",
            calls.perSecond(),
            calls.millis().p50(),
            calls.millis().p(99),
            load.health().p50(),
            load.health().p(99));
        rounds.add(load.health().p(99));
      }
      assertThat(Samples.least(rounds)).as("p99, best of three rounds").isLessThan(100);
    }
  }
}
