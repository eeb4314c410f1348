package dev.runnel.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gigabyte of output through the service as it is run for real. */
@Tag("prove")
class FloodProof {
  private static final long BYTES = 1_000_000_000;
  private static final long CAP = 10 << 20;

  @TempDir Path home;

  @Test
  void aGigabyteCostsNeitherMemoryNorMoreLogThanTheCap() throws Exception {
    try (var service = ServiceProcess.startOptimised(home, Map.of("SCRIPTS_BASH_LOGIN", "off"))) {
      var start = System.nanoTime();
      var flood = CappedRun.run(service, home, BYTES);
      System.out.printf(
          "%d MB of output: %.1f s, %.1f MB of WAL, resident memory +%.0f MB%n",
          BYTES / 1_000_000,
          (System.nanoTime() - start) / 1e9,
          flood.walBytes() / 1e6,
          flood.grownBytes() / 1e6);
      flood.holds(BYTES, CAP);
      assertThat(flood.grownBytes()).isLessThan(100L << 20);
    }
  }
}
