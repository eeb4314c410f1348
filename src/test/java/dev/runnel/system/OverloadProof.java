package dev.runnel.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Four times as many starts as the service can run, for half a minute. */
@Tag("prove")
class OverloadProof {
  private static final int QUEUE = Integer.getInteger("runnel.proof.queue", 200);
  private static final int SECONDS = Integer.getInteger("runnel.proof.seconds", 30);
  private static final Pattern RETRY_AFTER =
      Pattern.compile("\\r\\nretry-after: (\\d+)\\r\\n", Pattern.CASE_INSENSITIVE);

  @TempDir Path home;

  @Test
  void acceptedRunsWaitNoLongerThanTheQueueAllows() throws Exception {
    var options =
        Map.of("RUNNEL_QUEUE_LENGTH", Integer.toString(QUEUE), "SCRIPTS_BASH_LOGIN", "false");
    try (var service = ServiceProcess.startOptimised(home, options)) {
      var client = service.client();
      client.create("hi", "bash", "echo hi", Map.of());
      var request = Wire.request("POST", "/api/scripts/hi/execute", client.authorization(), "");
      var capacity = capacity(service.url(), request);

      var start = System.nanoTime();
      var answers =
          Offered.requests(service.url(), request, (int) (4 * capacity * SECONDS), 4 * capacity);
      var seconds = (System.nanoTime() - start) / 1e9;

      answers.forEach(OverloadProof::check);
      var times = times(answers, 200);
      var refusals = times(answers, 429);
      var throughput = times.sorted().length / seconds;
      System.out.printf(
          "%.0f runs/s alone; at 4x: %.0f runs/s, p50 %.2f s, p99 %.2f s;"
              + " %d refused, p99 %.2f s; queue %d / throughput = %.2f s%n",
          capacity,
          throughput,
          times.p50() / 1e3,
          times.p(99) / 1e3,
          refusals.sorted().length,
          refusals.p(99) / 1e3,
          QUEUE,
          QUEUE / throughput);
      assertThat(refusals.sorted()).isNotEmpty();
      assertThat(times.p(99) / 1e3).isLessThanOrEqualTo(2 * QUEUE / throughput);
      for (var status : new String[] {"queued", "running", "failed", "timed_out", "canceled"}) {
        assertThat(client.get("/api/admin/scripts/runs?status=" + status).at("/items"))
            .as(status)
            .isEmpty();
      }
    }
  }

  /** Runs a second of sixteen clients that each wait for their answer, once warm. */
  private static double capacity(String url, byte[] request) throws Exception {
    try (var clients = new Clients(16, url, request, "hi")) {
      clients.ask(1_500);
      return clients.ask(1_500).perSecond();
    }
  }

  private static Samples times(List<Offered.Answered> answers, int status) {
    return Samples.of(
        answers.stream()
            .filter(answer -> answer.status() == status)
            .mapToDouble(answer -> answer.seconds() * 1e3)
            .toArray());
  }

  private static void check(Offered.Answered answer) {
    assertThat(answer.status()).as(answer.text()).isIn(200, 429);
    if (answer.status() == 429) {
      var header = RETRY_AFTER.matcher(answer.text());
      assertThat(header.find()).as(answer.text()).isTrue();
      assertThat(Integer.parseInt(header.group(1))).isBetween(1, 60);
    }
  }
}
