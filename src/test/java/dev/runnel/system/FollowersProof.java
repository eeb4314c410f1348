package dev.runnel.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One run and a crowd that follows it. */
@Tag("prove")
class FollowersProof {
  private static final int EVENTS = 1_000;
  private static final int IDLE = 10_000;
  private static final long IDLE_LIMIT = 600_000_000;
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  @TempDir Path home;

  /** Prints a number every 25 ms, each an event of its own, until it is told to stop. */
  private String counting(Client client) throws IOException {
    return client.create(
        "counting",
        "bash",
        "for ((i = 1; ; i++)); do echo $i; [ -e %s ] && exit; sleep 0.025; done"
            .formatted(home.resolve("stop")),
        Map.of("timeout", PATIENCE.toMillis()));
  }

  @Test
  void aThousandFollowersEachGetAThousandEventsExactlyOnce() throws Exception {
    try (var service = ServiceProcess.startOptimised(home, Map.of("SCRIPTS_BASH_LOGIN", "false"))) {
      var client = service.client();
      var run = client.run(counting(client));
      try (var crowd = new Crowd(service.url(), service.token(), run)) {
        var before = CpuTimes.of(service);
        var start = System.nanoTime();
        crowd.join(1_000).until(follower -> follower.logs() >= EVENTS, PATIENCE);
        Files.createFile(home.resolve("stop"));
        crowd.until(Crowd.Follower::hasEnded, PATIENCE);
        var seconds = (System.nanoTime() - start) / 1e9;
        var first = crowd.followers().getFirst();
        assertThat(crowd.followers())
            .allSatisfy(follower -> {
              assertThat(follower.lastId()).isEqualTo(first.lastId());
              assertThat(follower.lines()).isEqualTo(first.lines());
            });
        var record = client.ended(run);
        assertThat(record.get("lineCount").asLong()).isEqualTo(first.lines());
        System.out.printf(
            "1,000 followers: %d events each in %.1f s, %s ms CPU%n",
            first.lastId(), seconds, CpuTimes.of(service).since(before));
      }
    }
  }

  @Test
  void tenThousandIdleFollowersFitIntoSixHundredMegabytes() throws Exception {
    assumeTrue(openFiles() > IDLE + 1_000, "needs a limit of 11,000 open files, ulimit -Hn");
    try (var service = ServiceProcess.startOptimised(home, Map.of("SCRIPTS_BASH_LOGIN", "false"))) {
      var client = service.client();
      var run = client.run(client.create("idle", "bash", "echo 1; exec sleep 1000", Map.of()));
      try (var crowd = new Crowd(service.url(), service.token(), run)) {
        crowd.join(IDLE).until(follower -> follower.lines() == 1, PATIENCE);
        // A ping each: all have been idle for a while and are still there.
        crowd.until(follower -> follower.comments() > 1, PATIENCE);
        System.out.printf("%,d idle followers: %,d bytes%n", IDLE, service.residentBytes());
        assertThat(service.residentBytes()).isLessThanOrEqualTo(IDLE_LIMIT);
        client.post("/api/admin/scripts/runs/" + run + "/cancel").expect(202);
        crowd.until(Crowd.Follower::hasEnded, PATIENCE);
      }
    }
  }

  /** What this process may open; a service that it starts may too. */
  private static long openFiles() throws IOException {
    try (var lines = Files.lines(Path.of("/proc/self/limits"))) {
      return lines
          .filter(line -> line.startsWith("Max open files"))
          .map(line -> line.split(" {2,}")[2].strip())
          .mapToLong(limit -> limit.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(limit))
          .findFirst()
          .orElseThrow();
    }
  }
}
