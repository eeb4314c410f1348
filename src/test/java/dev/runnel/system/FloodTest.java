package dev.runnel.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that print far more than the log keeps. */
class FloodTest {
  private static final Map<String, String> OPTIONS =
      Map.of("SCRIPTS_BASH_LOGIN", "off", "RUNNEL_LOG_CAP", "1 MiB");
  private static final long CAP = 1 << 20;

  @TempDir Path home;

  @Test
  void theCapIsStoredTheRestIsCountedAndAKillLeavesATruthfulGap() throws Exception {
    String run;
    JsonNode seen;
    try (var service = ServiceProcess.startWithOwner(home, OPTIONS)) {
      CappedRun.run(service, home, 40_000_000).holds(40_000_000, CAP);
      var client = service.client();
      assertEndIsTold(client);
      // Not as fast as it can: other tests need the processor too.
      var script = "while :; do yes endless | head -c 2000000; sleep 0.2; done";
      run = client.run(client.create("endless", "bash", script, Map.of()));
      var first = Awaitility.await().until(() -> client.record(run), FloodTest::isOverTheCap);
      seen =
          Awaitility.await()
              .atMost(Duration.ofSeconds(30))
              .until(() -> client.record(run), record -> size(record) > size(first));
      assertThat(seen.get("outputTail").asText()).hasSize(64 << 10).contains("endless\nendless\n");
      assertThat(seen.get("lineCount").asLong()).isEqualTo(size(seen) / "endless\n".length());
      assertThat(seen.get("lastSeq").asLong()).isGreaterThan(first.get("lastSeq").asLong());
      service.killHard();
    }
    try (var service = ServiceProcess.startWithOwner(home, OPTIONS)) {
      assertTruthful(service.client(), run, size(seen));
    }
  }

  /** The answer is made of what memory still has, which is more than the store keeps. */
  private static void assertEndIsTold(Client client) {
    var body =
        Client.JSON.createObjectNode().put("command", "yes line | head -c 8000000; echo the end");
    var output = client.post("/api/scripts/command", body).expect(200).at("/output").asText();
    assertThat(output).startsWith("line\n").endsWith("line\nthe end\n");
    assertThat(output).containsOnlyOnce("bytes of output are left out here]\n");
  }

  private static void assertTruthful(Client client, String run, long seen) throws IOException {
    var record = client.ended(run);
    assertThat(record.get("status").asText()).isEqualTo("failed");
    assertThat(record.get("logTruncated").asBoolean()).isTrue();
    assertThat(size(record)).isGreaterThanOrEqualTo(seen);
    try (var events = Events.of(client, run, 0)) {
      var frames = events.take(Integer.MAX_VALUE);
      var missing =
          frames.stream()
              .filter(frame -> frame.event().equals("gap"))
              .mapToLong(frame -> frame.data().get("bytes").asLong())
              .sum();
      assertThat(missing).isPositive();
      assertThat(missing + Events.text(frames).length()).isEqualTo(size(record));
      assertThat(frames.getLast().event()).isEqualTo("done");
      assertThat(frames.getLast().data().get("stdoutBytes").asLong()).isEqualTo(size(record));
    }
    var text = client.get("/api/admin/scripts/runs/" + run + "/full-output").expect(200);
    assertThat(text.at("/fullOutput").asText()).contains("bytes of output are left out here]\n");
  }

  private static boolean isOverTheCap(JsonNode record) {
    return record.get("logTruncated").asBoolean();
  }

  private static long size(JsonNode record) {
    return record.get("outputSize").asLong();
  }
}
