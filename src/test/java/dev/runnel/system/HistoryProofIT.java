package dev.runnel.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What clients wait with a million stored runs beside an empty database: the best round of one
 * against the best of the other.
 */
@Tag("prove")
class HistoryProofIT {
  private static final int STORED = Integer.getInteger("prove.stored", 1_000_000);
  private static final double LIMIT = 1.2;

  @TempDir Path home;

  @Test
  void startsAndListsTakeAsLongWithAMillionStoredRuns() throws Exception {
    try (var stored = new StoredRuns(home, STORED)) {
      var costs = stored.measure(9, 6);
      for (var cost : costs) {
        System.out.printf("%s, empty to %,d stored: %s%n", cost.what(), STORED, cost.turns());
      }
      assertThat(costs)
          .allSatisfy(cost ->
              assertThat(cost.turns().bestRatio()).as(cost.what()).isLessThanOrEqualTo(LIMIT));
    }
  }
}
