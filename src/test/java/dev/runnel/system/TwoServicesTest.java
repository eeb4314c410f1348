package dev.runnel.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two services share a database and look after each other's runs. */
class TwoServicesTest {
  private static final int RUNS = 300;
  private static final String ENDLESS = "echo $$; trap '' TERM; while sleep 0.1; do :; done";

  @TempDir Path home;

  private TwoServices start() {
    return TwoServices.start(home, Map.of("RUNNEL_SLOTS", "4", "RUNNEL_LEASE", "5 s"));
  }

  @Test
  void whatAKilledServiceLeftIsEndedOrRunByTheOtherAndNothingRunsTwice() throws Exception {
    try (var both = start()) {
      var doors = List.of(both.first.client(), both.second.client());
      var endless =
          doors.getFirst().run(doors.getFirst().create("long", "bash", ENDLESS, Map.of()));
      var pid = pid(doors.getFirst().printing(endless).get("outputTail").asText());
      var executions = home.resolve("executions");
      var text = "echo $SCRIPT_RUN_ID >> " + executions + "; sleep 0.1";
      var script = doors.getFirst().create("short", "bash", text, Map.of());
      var runs =
          IntStream.range(0, RUNS).parallel().mapToObj(i -> doors.get(i % 2).run(script)).toList();
      await().until(() -> Files.readAllLines(executions).size() > RUNS / 2);

      both.first.killHard();

      var other = doors.getLast();
      var lost = other.ended(endless);
      assertThat(lost.get("status").asText()).isEqualTo("failed");
      assertThat(lost.get("errorMessage").asText()).isEqualTo("Node lost");
      assertThat(lost.get("killedProcesses").asInt()).isBetween(1, 3);
      assertThat(isAlive(pid)).isFalse();
      var succeeded = new HashSet<String>();
      for (var run : runs) {
        var record = other.ended(run);
        if (record.get("status").asText().equals("succeeded")) {
          succeeded.add(run);
        } else {
          assertThat(record.get("errorMessage").asText()).isEqualTo("Node lost");
        }
      }
      assertThat(succeeded)
          .as("all but what had a slot of the dead")
          .hasSizeBetween(RUNS - 4, RUNS);
      assertThat(Files.readAllLines(executions)).doesNotHaveDuplicates().containsAll(succeeded);
    }
  }

  @Test
  void aServiceThatWasPausedForTooLongEndsItsRunsAndWorksOn() throws Exception {
    try (var both = start()) {
      both.seemOnAnotherHost(home);
      var paused = both.first.client();
      var other = both.second.client();
      var endless = paused.run(paused.create("long", "bash", ENDLESS, Map.of()));
      var pid = pid(paused.printing(endless).get("outputTail").asText());
      both.first.signal("STOP");
      var lost = other.ended(endless);
      assertThat(lost.get("errorMessage").asText()).isEqualTo("Node lost");
      assertThat(isAlive(pid)).as("nobody on its host could kill it").isTrue();

      both.first.signal("CONT");

      await().atMost(Duration.ofSeconds(20)).until(() -> !isAlive(pid));
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

  private static long pid(String output) {
    return Long.parseLong(output.lines().findFirst().orElseThrow());
  }

  /** Whether it is there and not only waits to be buried. */
  private static boolean isAlive(long pid) {
    try {
      return !Files.readString(Path.of("/proc/" + pid + "/cmdline")).isEmpty();
    } catch (IOException gone) {
      return false;
    }
  }
}
