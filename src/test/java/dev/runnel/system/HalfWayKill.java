package dev.runnel.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * Short runs started at two services, one of which is killed when half of them have been executed.
 * Every script appends the id of its run to a file.
 *
 * @param slots of each service
 * @param lostAfter how long after the kill the last run of the dead service has ended
 */
record HalfWayKill(int runs, int slots, Duration lostAfter) {
  private static final int STARTERS = 16;

  /** Runs without a word until it is killed, after its pid. */
  static final String ENDLESS = "echo $$; trap '' TERM; while sleep 0.1; do :; done";

  void of(TwoServices both, Path home) throws Exception {
    var dying = both.first.client();
    var other = both.second.client();
    var endless = dying.run(dying.create("endless", "bash", ENDLESS, Map.of()));
    var pid = pid(dying.printing(endless));
    var executions = Files.createFile(home.resolve("executions"));
    var text = "echo $SCRIPT_RUN_ID >> " + executions + "; sleep 0.1";
    var script = dying.create("short", "bash", text, Map.of());
    var started = started(List.of(dying, other), script);
    await()
        .atMost(Duration.ofMinutes(10))
        .until(() -> Files.readAllLines(executions).size() > runs / 2);

    both.first.killHard();

    var lost = await().atMost(lostAfter).until(() -> other.record(endless), HalfWayKill::isOver);
    assertThat(lost.get("status").asText()).isEqualTo("failed");
    assertThat(lost.get("errorMessage").asText()).isEqualTo("Node lost");
    assertThat(lost.get("killedProcesses").asInt()).isBetween(1, 3);
    assertThat(isAlive(pid)).isFalse();
    var succeeded = new HashSet<String>();
    for (var run : started) {
      var record = other.ended(run, Duration.ofMinutes(10));
      if (record.get("status").asText().equals("succeeded")) {
        succeeded.add(run);
      } else {
        assertThat(record.get("errorMessage").asText()).isEqualTo("Node lost");
      }
    }
    assertThat(succeeded)
        .as("all but what the dead was running")
        .hasSizeBetween(runs - slots, runs);
    assertThat(Files.readAllLines(executions)).doesNotHaveDuplicates().containsAll(succeeded);
    System.out.printf(
        "%d runs at two services, one killed half-way: %d succeeded, %d lost with it, none twice%n",
        runs, succeeded.size(), runs - succeeded.size());
  }

  private List<String> started(List<Client> doors, String script)
      throws InterruptedException, ExecutionException {
    try (var starters = Executors.newFixedThreadPool(STARTERS)) {
      var starts =
          starters.invokeAll(
              IntStream.range(0, runs)
                  .<Callable<String>>mapToObj(i -> () -> accepted(doors.get(i % 2), script))
                  .toList());
      return starts.stream().map(Future::resultNow).toList();
    }
  }

  /** A service that says it cannot take a start now is asked again. */
  private static String accepted(Client door, String script) {
    return await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> door.post("/api/admin/scripts/" + script + "/run"), HalfWayKill::isAccepted)
        .at("/runId")
        .asText();
  }

  private static boolean isAccepted(Client.Reply reply) {
    if (reply.status() != 200) {
      assertThat(reply.status()).isIn(429, 503);
      assertThat(reply.response().headers().firstValue("Retry-After")).isPresent();
    }
    return reply.status() == 200;
  }

  private static boolean isOver(JsonNode record) {
    return record.hasNonNull("finishedAt");
  }

  /** What {@link #ENDLESS} says first. */
  static long pid(JsonNode printing) {
    return Long.parseLong(printing.get("outputTail").asText().lines().findFirst().orElseThrow());
  }

  /** Whether it is there and does not only wait to be buried. */
  static boolean isAlive(long pid) {
    try {
      return !Files.readString(Path.of("/proc/" + pid + "/cmdline")).isEmpty();
    } catch (IOException gone) {
      return false;
    }
  }
}
