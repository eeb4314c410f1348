package dev.runnel.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run costs over HTTP, beside the bare interpreter in the same minute. */
@Tag("bench")
class SpeedBench {
  private static final int RUNS = 400;

  /** The same bash, started and awaited by a program that does nothing else; p50 in seconds. */
  private static final String BARE =
      """
      import subprocess, time
      times = []
      for _ in range(%d):
          start = time.perf_counter()
          subprocess.run(["bash", "-c", "echo hi"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
          times.append(time.perf_counter() - start)
      times.sort()
      print(times[len(times) // 2])
      """
          .formatted(RUNS);

  @TempDir Path home;

  @Test
  void aSynchronousBashRunBesideTheBareProcess() throws Exception {
    try (var service = ServiceProcess.startOptimised(home, Map.of("SCRIPTS_BASH_LOGIN", "false"));
        var http = HttpClient.newHttpClient()) {
      var request = execute(service);
      for (var i = 0; i < 2 * RUNS; i++) {
        run(http, request); // warm
      }
      var bare = bareMillis();
      var times = new double[RUNS];
      for (var i = 0; i < RUNS; i++) {
        var start = System.nanoTime();
        run(http, request);
        times[i] = (System.nanoTime() - start) / 1e6;
      }
      Arrays.sort(times);
      bare = Math.min(bare, bareMillis());
      var atOnce = runsPerSecond(http, request, 32);
      System.out.printf(
          "bash -c 'echo hi': bare p50 %.2f ms; over HTTP p50 %.2f ms (%.2fx), p95 %.2f ms;"
              + " 32 clients %.0f runs/s%n",
          bare, times[RUNS / 2], times[RUNS / 2] / bare, times[RUNS * 95 / 100], atOnce);
    }
  }

  private static HttpRequest execute(ServiceProcess service) {
    var client = service.client();
    client
        .send("POST", "/api/scripts", "{\"name\":\"hi.sh\",\"content\":\"echo hi\"}", Map.of())
        .expect(201);
    var token =
        client
            .send(
                "POST",
                "/api/collections/_superusers/auth-with-password",
                "{\"identity\":\"%s\",\"password\":\"%s\"}"
                    .formatted(ServiceProcess.EMAIL, ServiceProcess.PASSWORD),
                Map.of())
            .expect(200)
            .at("/token")
            .asText();
    return HttpRequest.newBuilder(URI.create(service.url() + "/api/scripts/hi.sh/execute"))
        .header("Authorization", token)
        .POST(BodyPublishers.noBody())
        .build();
  }

  private static void run(HttpClient http, HttpRequest request)
      throws IOException, InterruptedException {
    var response = http.send(request, BodyHandlers.ofString());
    assertThat(response.body()).contains("\"output\":\"hi\\n\"");
  }

  private static double runsPerSecond(HttpClient http, HttpRequest request, int clients)
      throws Exception {
    var each = 60;
    var start = System.nanoTime();
    try (var threads = Executors.newFixedThreadPool(clients)) {
      for (var i = 0; i < clients; i++) {
        var _ =
            threads.submit(() -> {
              for (var j = 0; j < each; j++) {
                run(http, request);
              }
              return null;
            });
      }
    }
    return clients * each / ((System.nanoTime() - start) / 1e9);
  }

  private static double bareMillis() throws IOException, InterruptedException {
    var process = new ProcessBuilder("python3", "-c", BARE).start();
    var answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    assertThat(process.waitFor()).isZero();
    return Double.parseDouble(answer.strip()) * 1_000;
  }
}
