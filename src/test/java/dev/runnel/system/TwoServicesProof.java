package dev.runnel.system;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two services on one database at full size, with the lease they have by default. */
@Tag("prove")
class TwoServicesProof {
  private static final int RUNS = Integer.getInteger("prove.runs", 10_000);

  @TempDir Path home;

  @Test
  void ofTenThousandRunsNoneIsLostOrRunTwiceWhenAServiceIsKilledHalfWay() throws Exception {
    try (var both = TwoServices.start(home, Map.of("RUNNEL_SLOTS", "8"))) {
      new HalfWayKill(RUNS, 8, Duration.ofSeconds(20)).of(both, home);
    }
  }
}
