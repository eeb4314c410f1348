package dev.runnel.execution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.run.Output;
import dev.runnel.run.OutputTotals;
import dev.runnel.run.RunEvent;
import dev.runnel.run.RunStatus;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogShelfTest {
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

  private final LogShelf shelf = new LogShelf(1_000);

  @Test
  void aSmallLogIsKeptWhole() {
    print(1, 4);
    shelf.finish(List.of(done(5)));
    assertThat(seqs(shelf.take(Long.MAX_VALUE))).containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThat(shelf.gap()).isEmpty();
  }

  @Test
  void overTheCapTheFirstHalfAndTheNewestHalfStayAndTheGapSaysWhatIsMissing() {
    print(1, 20);
    shelf.finish(List.of(done(21)));
    var kept = shelf.take(Long.MAX_VALUE);
    assertThat(kept.get(5)).isEqualTo(new RunEvent.Gap(15, NOW, 6, 1_000));
    assertThat(seqs(kept)).containsExactly(1L, 2L, 3L, 4L, 5L, 15L, 16L, 17L, 18L, 19L, 20L, 21L);
  }

  @Test
  void theTailWaitsInMemoryAndTheHeadIsDueAtOnce() {
    assertThat(shelf.add(log(1, 100))).isEqualTo(100);
    print(2, 10);
    assertThat(shelf.dueBytes()).isEqualTo(500);
    assertThat(seqs(shelf.take(Long.MAX_VALUE))).containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThat(shelf.hasDue()).isFalse();
    assertThat(shelf.add(log(11, 100))).isZero();
  }

  @Test
  void whatIsDueIsTakenInPieces() {
    print(1, 5);
    assertThat(seqs(shelf.take(150))).containsExactly(1L, 2L);
    assertThat(shelf.dueBytes()).isEqualTo(300);
  }

  private void print(long from, long to) {
    for (var seq = from; seq <= to; seq++) {
      shelf.add(log(seq, 100));
    }
  }

  private static RunEvent.Log log(long seq, int size) {
    return new RunEvent.Log(seq, NOW, Output.STDOUT, new byte[size]);
  }

  private static RunEvent.Done done(long seq) {
    return new RunEvent.Done(seq, NOW, RunStatus.SUCCEEDED, 0, OutputTotals.NONE);
  }

  private static List<Long> seqs(List<RunEvent> events) {
    return events.stream().map(RunEvent::seq).toList();
  }
}
