package dev.runnel.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whoever follows a run, from whenever on, sees every line once and in order. */
@ExtendWith(SharedService.class)
class FollowersTest {
  private static final String LINES =
      IntStream.rangeClosed(1, 5_000).mapToObj(i -> i + "\n").collect(Collectors.joining());

  @Test
  void fiveThousandLinesReachEveryFollowerOnceAndInOrder(Client client) throws Exception {
    var script =
        client.create(
            "five-thousand-lines",
            "bash",
            "for i in $(seq 1 5000); do echo $i; [ $((i % 500)) = 0 ] && sleep 0.05; done",
            Map.of());
    var run = client.run(script);
    try (var followers = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<String> fromTheStart = () -> whole(client, run, 0);
      var start = followers.submit(fromTheStart);
      var reconnecting = followers.submit(() -> reconnecting(client, run));
      client.printing(run);
      var middle = followers.submit(fromTheStart);
      assertThat(start.get()).isEqualTo(LINES);
      assertThat(middle.get()).isEqualTo(LINES);
      assertThat(reconnecting.get()).isEqualTo(LINES);
    }
    assertThat(whole(client, run, 0)).isEqualTo(LINES);
    var record = client.record(run);
    assertThat(record.get("lineCount").asLong()).isEqualTo(5_000);
    assertThat(record.get("outputTail").asText()).endsWith("4999\n5000\n");
  }

  @Test
  void theFramesOfARunAreNumberedFromOneAndEndWithDone(Client client) throws IOException {
    var script =
        client.create("numbered", "bash", "echo out; sleep 0.5; echo err >&2; exit 3", Map.of());
    var run = client.run(script);
    try (var events = Events.of(client, run, 0)) {
      var frames = events.take(Integer.MAX_VALUE);
      assertThat(frames)
          .extracting(Events.Frame::event)
          .containsExactly("status", "log", "log", "status", "done");
      assertThat(frames).extracting(Events.Frame::id).containsExactly("1", "2", "3", "4", "5");
      assertThat(frames.getLast().data().get("exitCode").asInt()).isEqualTo(3);
    }
    try (var late = Events.of(client, run, 5)) {
      assertThat(late.status()).as("nothing will follow: do not ask again").isEqualTo(204);
    }
  }

  @Test
  void aCharacterThatIsWrittenByteByByteArrivesWhole(Client client) throws IOException {
    var script =
        client.create(
            "euro",
            "bash",
            "printf '\\342'; sleep 0.15; printf '\\202'; sleep 0.15; printf '\\254\\n'",
            Map.of());
    assertThat(whole(client, client.run(script), 0)).isEqualTo("€\n");
  }

  @Test
  void aStalledFollowerChangesNothingForManyOthersAndMissesNothingItself(
      ServiceProcess service, Client client) throws IOException {
    var run = client.run(client.create("counting", "bash", "seq 300000", Map.of()));
    try (var crowd = new Crowd(service.url(), service.token(), run)) {
      var stalled = crowd.stalled();
      crowd.join(60).until(Crowd.Follower::hasEnded, Duration.ofSeconds(60));
      assertThat(crowd.followers())
          .allSatisfy(follower -> assertThat(follower.lines()).isEqualTo(300_000));
      crowd.wake(stalled);
      crowd.until(Crowd.Follower::hasEnded, Duration.ofSeconds(60));
      assertThat(stalled.lines()).isEqualTo(300_000);
    }
  }

  private static String whole(Client client, String run, long since) throws IOException {
    try (var events = Events.of(client, run, since)) {
      var frames = events.take(Integer.MAX_VALUE);
      assertThat(frames.getLast().event()).isEqualTo("done");
      return Events.text(frames);
    }
  }

  /** Hangs up after every few frames and comes back with the last number it has seen. */
  private static String reconnecting(Client client, String run) throws IOException {
    var text = new StringBuilder();
    long last = 0;
    while (true) {
      try (var events = Events.of(client, run, last)) {
        List<Events.Frame> frames = events.take(3);
        text.append(Events.text(frames));
        if (frames.isEmpty() || frames.getLast().event().equals("done")) {
          return text.toString();
        }
        last = Long.parseLong(frames.getLast().id());
      }
    }
  }
}
