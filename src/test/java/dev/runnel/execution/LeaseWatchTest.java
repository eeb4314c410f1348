package dev.runnel.execution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.bus.RunWrite.Neighbour;
import dev.runnel.bus.RunWrite.Node;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** When a node may say of another that it is lost; a look each second, times in seconds. */
class LeaseWatchTest {
  private static final Node STILL = node();
  private static final Node BUSY = node();

  private final LeaseWatch watch = new LeaseWatch(Duration.ofSeconds(15));

  private static Node node() {
    return new Node(UUID.randomUUID(), "host", "boot", "/srv");
  }

  /** The first stands still; the second renews every 5 s. */
  private List<Neighbour> look(int second) {
    return watch.lost(
        List.of(
            new Neighbour(STILL, 3, "long ago"), new Neighbour(BUSY, 1, "renewal " + second / 5)),
        second * 1_000L);
  }

  private void lookEverySecond(int from, int to) {
    for (var second = from; second <= to; second++) {
      assertThat(look(second)).as("second %d", second).isEmpty();
    }
  }

  @Test
  void aLeaseThatStandsStillFor15SecondsOfReachingTheDatabaseIsLost() {
    lookEverySecond(100, 114);
    assertThat(look(115)).extracting(Neighbour::node).containsExactly(STILL);
  }

  @Test
  void afterAnOutageEverybodyHasTheWholeTimeAgain() {
    lookEverySecond(100, 114);
    watch.unreachable();
    lookEverySecond(115, 129);
    assertThat(look(130)).hasSize(1);
  }

  @Test
  void aNodeThatWasPausedItselfJudgesNobodyForWhatItDidNotSee() {
    lookEverySecond(100, 110);
    lookEverySecond(160, 174);
    assertThat(look(175)).hasSize(1);
  }

  @Test
  void aRenewalOrANewLifeBeginsTheTimeAnew() {
    lookEverySecond(100, 110);
    var renewed = List.of(new Neighbour(STILL, 3, "just now"));
    assertThat(watch.lost(renewed, 111_000)).isEmpty();
    for (var second = 112; second < 125; second++) {
      assertThat(watch.lost(renewed, second * 1_000L)).isEmpty();
    }
    var taken = List.of(new Neighbour(STILL, 4, "just now"));
    assertThat(watch.lost(taken, 126_000)).as("taken over by another").isEmpty();
  }

  @Test
  void aNodeWithoutRunsIsForgotten() {
    lookEverySecond(100, 110);
    assertThat(watch.lost(List.of(), 111_000)).isEmpty();
    lookEverySecond(112, 126);
    assertThat(look(127)).hasSize(1);
  }
}
