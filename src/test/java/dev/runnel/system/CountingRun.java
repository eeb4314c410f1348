package dev.runnel.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;

/**
 * A run that prints a number every 25 ms, each an event of its own, and a crowd that follows it
 * until each has got enough. So many events come on a machine of any speed.
 *
 * @param events that each follower got, once and in order
 * @param cpu in all
 */
record CountingRun(int followers, long events, double seconds, CpuTimes cpu) {
  private static final Duration PATIENCE = Duration.ofMinutes(8);

  static CountingRun follow(ServiceProcess service, Path home, int followers, int events)
      throws IOException {
    var client = service.client();
    var name = "counting-" + UUID.randomUUID();
    var stop = home.resolve(name);
    var script =
        client.create(
            name,
            "bash",
            "for ((i = 1; ; i++)); do echo $i; [ -e %s ] && exit; sleep 0.025; done"
                .formatted(stop),
            Map.of());
    var run = client.run(script);
    try (var crowd = new Crowd(service.url(), service.token(), run)) {
      crowd.join(followers);
      var before = CpuTimes.of(service);
      var start = System.nanoTime();
      crowd.until(follower -> follower.logs() >= events, PATIENCE);
      Files.createFile(stop);
      crowd.until(Crowd.Follower::hasEnded, PATIENCE);
      var seconds = (System.nanoTime() - start) / 1e9;
      var last = crowd.followers().getFirst();
      var lines = client.ended(run).get("lineCount").asLong();
      for (var follower : crowd.followers()) {
        if (follower.lastId() != last.lastId() || follower.lines() != lines) {
          throw new AssertionError(
              "A follower ended with event %d of %d and line %d of %d"
                  .formatted(follower.lastId(), last.lastId(), follower.lines(), lines));
        }
      }
      return new CountingRun(followers, last.lastId(), seconds, CpuTimes.of(service).since(before));
    }
  }
}
