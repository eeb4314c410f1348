package dev.runnel.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} under load, again and again on the same data. */
@Tag("prove")
class KillProof {
  private static final int KILLS = Integer.getInteger("prove.kills", 20);
  private static final int IN_FLIGHT = Integer.getInteger("prove.inflight", 200);
  private static final long STARTS_A_SECOND = 50;
  private static final Pattern MARK = Pattern.compile("\0RUNNEL_RUN_ID=([^\0]+)\0");

  @TempDir Path home;

  private final Queue<String> accepted = new ConcurrentLinkedQueue<>();
  private final Map<String, JsonNode> ended = new HashMap<>();
  private final Set<String> formerLives = new HashSet<>();
  private long killed;

  @Test
  void everyAcceptedRunReachesOneEndAndNoneRunsTwiceOrOutlivesItsService() throws Exception {
    var options =
        Map.of("RUNNEL_SLOTS", Integer.toString(IN_FLIGHT + 50), "SCRIPTS_BASH_LOGIN", "false");
    var executions = Files.createFile(home.resolve("executions"));
    var text = "echo $SCRIPT_RUN_ID >> " + executions + "; sleep 30; echo end";
    String script = null;
    for (var life = 0; life < KILLS; life++) {
      var service = ServiceProcess.startWithOwner(home, options);
      check(service.client());
      if (script == null) {
        script = service.client().create("mortal", "bash", text, Map.of());
      }
      killUnderLoad(service, script);
      formerLives.addAll(Files.readAllLines(executions));
    }
    try (var service = ServiceProcess.startWithOwner(home, options)) {
      check(service.client());
      for (var end : Map.copyOf(ended).entrySet()) {
        assertThat(service.client().record(end.getKey())).as("for good").isEqualTo(end.getValue());
      }
    }
    List<String> executed = Files.readAllLines(executions);
    assertThat(executed).doesNotHaveDuplicates();
    assertThat(ended.keySet()).containsAll(accepted);
    System.out.printf(
        "%d kills: %d starts accepted, %d executed, none lost, none twice; recovery killed %d"
            + " processes and left none%n",
        KILLS, accepted.size(), executed.size(), killed);
  }

  /** What holds as soon as the next life listens. */
  private void check(Client client) throws IOException {
    for (var alive : marked()) {
      var found = client.get("/api/admin/scripts/runs/" + alive);
      if (found.status() == 200) { // else another service's on this host
        assertThat(found.at("/item/status").asText()).as("has processes").isEqualTo("running");
        assertThat(formerLives).doesNotContain(alive);
      }
    }
    var known = new HashSet<>(accepted);
    known.addAll(formerLives);
    known.removeAll(ended.keySet());
    for (var run : known) {
      var record = client.record(run);
      if (formerLives.contains(run)) {
        assertThat(record.get("status").asText()).isIn("succeeded", "failed");
        ended.put(run, record);
        killed += record.get("killedProcesses").asInt();
      } else {
        // Its service was killed before the script could say a word, or before it had its turn.
        ended.computeIfAbsent(run, _ -> isOver(record) ? record : null);
      }
    }
  }

  private static boolean isOver(JsonNode record) {
    return record.hasNonNull("finishedAt");
  }

  /** The runs that living processes of this host bear the mark of. */
  private static Set<String> marked() throws IOException {
    var runs = new HashSet<String>();
    try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (var process : processes) {
        MARK.matcher("\0" + environment(process))
            .results()
            .forEach(mark -> runs.add(mark.group(1)));
      }
    }
    return runs;
  }

  /** Empty when the process is gone. */
  private static String environment(Path process) {
    try {
      return new String(
          Files.readAllBytes(process.resolve("environ")), StandardCharsets.ISO_8859_1);
    } catch (IOException gone) {
      return "";
    }
  }

  private void killUnderLoad(ServiceProcess service, String script) throws Exception {
    var client = service.client();
    var before = accepted.size();
    try (var clock = Executors.newSingleThreadScheduledExecutor();
        var starters = Executors.newVirtualThreadPerTaskExecutor()) {
      // What a dying service does not answer any more is not accepted.
      Runnable start =
          () -> {
            var _ = starters.submit(() -> accepted.add(client.run(script)));
          };
      var _ = clock.scheduleAtFixedRate(start, 0, 1_000 / STARTS_A_SECOND, TimeUnit.MILLISECONDS);
      await()
          .atMost(Duration.ofMinutes(2))
          .pollInterval(Duration.ofMillis(20))
          .until(() -> accepted.size() - before >= IN_FLIGHT);
      service.killHard();
      clock.shutdownNow();
    }
  }
}
