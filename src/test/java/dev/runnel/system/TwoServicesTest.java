package dev.runnel.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two services share a database and look after each other's runs. */
class TwoServicesTest {
  @TempDir Path home;

  private TwoServices start() {
    return TwoServices.start(home, Map.of("RUNNEL_SLOTS", "4", "RUNNEL_LEASE", "5 s"));
  }

  @Test
  void whatAKilledServiceLeftIsEndedOrRunByTheOtherAndNothingRunsTwice() throws Exception {
    try (var both = start()) {
      new HalfWayKill(300, 4, Duration.ofSeconds(20)).of(both, home);
    }
  }

  @Test
  void aServiceThatWasPausedForTooLongEndsItsRunsAndWorksOn() throws Exception {
    try (var both = start()) {
      both.seemOnAnotherHost(home);
      var paused = both.first.client();
      var other = both.second.client();
      var endless = paused.run(paused.create("long", "bash", HalfWayKill.ENDLESS, Map.of()));
      var pid = HalfWayKill.pid(paused.printing(endless));
      both.first.signal("STOP");
      var lost = other.ended(endless);
      assertThat(lost.get("errorMessage").asText()).isEqualTo("Node lost");
      assertThat(HalfWayKill.isAlive(pid)).as("nobody on its host could kill it").isTrue();

      both.first.signal("CONT");

      await().atMost(Duration.ofSeconds(20)).until(() -> !HalfWayKill.isAlive(pid));
      var where = paused.create("where", "bash", "echo $EXECUTE_PATH", Map.of());
      await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () -> paused.ended(paused.run(where)).get("outputTail").asText(),
              path -> path.contains(home.resolve("first").toString()));
      assertThat(other.record(endless)).as("nothing was written any more").isEqualTo(lost);
      assertThat(both.first.output()).contains("This node works on");
    }
  }

  @Test
  void aRunIsCancelledAtTheOtherServicesDoor() {
    try (var both = start()) {
      var other = both.second.client();
      var script = other.create("long", "bash", "echo $$; sleep 600", Map.of());
      var run = both.first.client().run(script);
      both.first.client().printing(run);
      other.post("/api/admin/scripts/runs/" + run + "/cancel").expect(202);
      assertThat(other.ended(run).get("status").asText()).isEqualTo("canceled");
    }
  }
}
