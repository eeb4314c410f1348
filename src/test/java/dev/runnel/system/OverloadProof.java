package dev.runnel.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Four times as many starts as the service can run, for half a minute. */
@Tag("prove")
class OverloadProof {
  private static final int QUEUE = Integer.getInteger("runnel.proof.queue", 200);
  private static final Duration LENGTH =
      Duration.ofSeconds(Integer.getInteger("runnel.proof.seconds", 30));

  private record Answered(int status, double seconds) {}

  @TempDir Path home;

  @Test
  void acceptedRunsWaitNoLongerThanTheQueueAllows() throws Exception {
    var options =
        Map.of("RUNNEL_QUEUE_LENGTH", Integer.toString(QUEUE), "SCRIPTS_BASH_LOGIN", "false");
    try (var service = ServiceProcess.startOptimised(home, options);
        var http = HttpClient.newHttpClient()) {
      var client = service.client();
      client.create("hi", "bash", "echo hi", Map.of());
      var request =
          HttpRequest.newBuilder(URI.create(service.url() + "/api/scripts/hi/execute"))
              .header("Authorization", client.authorization())
              .timeout(Duration.ofMinutes(2))
              .POST(BodyPublishers.noBody())
              .build();
      atItsOwnPace(http, request, Duration.ofSeconds(5)); // warm
      var capacity = atItsOwnPace(http, request, Duration.ofSeconds(5));

      var answers = new ConcurrentLinkedQueue<Answered>();
      var start = System.nanoTime();
      overload(http, request, 4 * capacity, answers);
      var seconds = (System.nanoTime() - start) / 1e9;

      var times =
          answers.stream()
              .filter(answer -> answer.status() == 200)
              .mapToDouble(Answered::seconds)
              .sorted()
              .toArray();
      var refused = answers.stream().filter(answer -> answer.status() == 429).count();
      var throughput = times.length / seconds;
      var p99 = times[times.length * 99 / 100];
      System.out.printf(
          "%.0f runs/s alone; at 4x: %.0f runs/s, %d refused, p50 %.2f s, p99 %.2f s;"
              + " queue %d / throughput = %.2f s%n",
          capacity, throughput, refused, times[times.length / 2], p99, QUEUE, QUEUE / throughput);
      assertThat(times.length + refused).isEqualTo(answers.size());
      assertThat(refused).isPositive();
      assertThat(p99).isLessThanOrEqualTo(2 * QUEUE / throughput);
      for (var status : new String[] {"queued", "running", "failed", "timed_out", "canceled"}) {
        assertThat(client.get("/api/admin/scripts/runs?status=" + status).at("/items"))
            .as(status)
            .isEmpty();
      }
    }
  }

  /** Sixteen clients that each wait for their answer; runs a second. */
  private static double atItsOwnPace(HttpClient http, HttpRequest request, Duration length)
      throws InterruptedException {
    var done = new AtomicInteger();
    var end = System.nanoTime() + length.toNanos();
    try (var clients = Executors.newFixedThreadPool(16)) {
      for (var i = 0; i < 16; i++) {
        var _ =
            clients.submit(() -> {
              while (System.nanoTime() < end) {
                assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
                done.incrementAndGet();
              }
              return null;
            });
      }
    }
    return done.get() / (length.toNanos() / 1e9);
  }

  /** Starts at this rate whether answers come or not, then waits for all of them. */
  private static void overload(
      HttpClient http, HttpRequest request, double rate, ConcurrentLinkedQueue<Answered> answers) {
    var starts = (int) (rate * LENGTH.toSeconds());
    var all = new CompletableFuture<?>[starts];
    var begin = System.nanoTime();
    for (var i = 0; i < starts; i++) {
      var due = begin + (long) (i / rate * 1e9);
      for (var left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      var sent = System.nanoTime();
      all[i] =
          http.sendAsync(request, BodyHandlers.ofString())
              .thenAccept(answer ->
                  answers.add(new Answered(checked(answer), (System.nanoTime() - sent) / 1e9)));
    }
    CompletableFuture.allOf(all).join();
    assertThat(answers).hasSize(starts);
  }

  private static int checked(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isIn(200, 429);
    if (answer.statusCode() == 429) {
      assertThat(answer.headers().firstValueAsLong("Retry-After").orElse(0)).isBetween(1L, 60L);
    }
    return answer.statusCode();
  }
}
