package dev.runnel.execution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.run.Output;
import dev.runnel.run.OutputTotals;
import dev.runnel.run.Page;
import dev.runnel.run.RunEvent;
import dev.runnel.run.RunStatus;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RunFeedTest {
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
  private static final int ALL = Integer.MAX_VALUE;

  private final RunFeed feed = new RunFeed(1_000);

  @Test
  void aFollowerGetsWhatComesAfterItsPlace() {
    print(1, 3, 10);
    assertThat(feed.page(1, ALL).orElseThrow().events())
        .extracting(RunEvent::seq)
        .containsExactly(2L, 3L);
  }

  @Test
  void aPageHoldsAtLeastOneEventAndNoMoreThanAskedFor() {
    print(1, 3, 500);
    assertThat(feed.page(0, 1).orElseThrow().events()).hasSize(1);
  }

  @Test
  void whoWaitsIsWokenByTheNextEvent() {
    print(1, 1, 10);
    var page = feed.await(1, ALL, Long.MAX_VALUE);
    assertThat(page.isComplete()).isFalse();
    print(2, 2, 10);
    assertThat(page.result().events()).extracting(RunEvent::seq).containsExactly(2L);
  }

  @Test
  void patienceEndsWithNothing() {
    var page = feed.await(0, ALL, System.nanoTime());
    feed.sweep(System.nanoTime());
    assertThat(page.result()).isEqualTo(Page.NOTHING_YET);
  }

  @Test
  void whatIsNotStoredStaysAndWhatIsStoredMakesRoom() {
    print(1, 5, 1_000);
    assertThat(feed.firstSeq()).isEqualTo(1);
    feed.settledUpTo(3);
    assertThat(feed.firstSeq()).isEqualTo(4);
    assertThat(feed.page(0, ALL)).isEmpty();
    assertThat(feed.gapAfter(1)).contains(new RunEvent.Gap(3, NOW, 2, 0));
  }

  @Test
  void theEndIsTheEnd() {
    print(1, 1, 10);
    feed.add(new RunEvent.Done(2, NOW, RunStatus.SUCCEEDED, 0, OutputTotals.NONE));
    assertThat(feed.page(0, ALL).orElseThrow().ended()).isTrue();
    assertThat(feed.page(2, ALL)).contains(new Page(java.util.List.of(), true));
  }

  private void print(long from, long to, int size) {
    for (var seq = from; seq <= to; seq++) {
      feed.add(new RunEvent.Log(seq, NOW, Output.STDOUT, new byte[size]));
    }
  }
}
