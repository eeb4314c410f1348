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
  private static final int FOLLOWERS = 1_000;
  private static final int EVENTS = 1_000;
  private static final int IDLE = 10_000;
  private static final long IDLE_LIMIT = 600_000_000;
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  @TempDir Path home;

  @Test
  void aThousandFollowersEachGetAThousandEventsExactlyOnce() throws Exception {
    try (var service = ServiceProcess.startOptimised(home, Map.of("SCRIPTS_BASH_LOGIN", "false"))) {
      var crowd = CountingRun.follow(service, home, FOLLOWERS, EVENTS);
      System.out.println(crowd);
      assertThat(crowd.events()).isGreaterThanOrEqualTo(EVENTS);
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
          .map(line -> line.split(" {2,}", -1)[2].strip())
          .mapToLong(limit -> limit.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(limit))
          .findFirst()
          .orElseThrow();
    }
  }
}
