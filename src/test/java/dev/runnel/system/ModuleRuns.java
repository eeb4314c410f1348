package dev.runnel.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;

/** Synchronous runs of fibonacci.wasm in the built-in runtime, timed from outside. */
final class ModuleRuns implements AutoCloseable {
  private final HttpClient http = HttpClient.newHttpClient();
  private final Client client;
  private final String url;
  private final String token;

  ModuleRuns(ServiceProcess service) throws IOException {
    var functions = service.home().resolve("functions");
    if (!Files.exists(functions.resolve("fibonacci.wasm"))) {
      Modules.copy(functions);
    }
    url = service.url();
    token = service.token();
    client = new Client(http, url, token);
  }

  /** Milliseconds of {@code count} calls of {@code fib(25)}, one after the other. */
  Samples fib25(int count) {
    return one(Modules.call("--reactor", "fibonacci.wasm", "fib 25"), "75025\n", count);
  }

  /** The same of a module that does next to nothing. */
  Samples add(int count) {
    return one(Modules.call("--reactor", "sums.wasm", "add 1 2"), "3\n", count);
  }

  private Samples one(JsonNode body, String output, int count) {
    var nanos = new long[count];
    for (var i = 0; i < count; i++) {
      nanos[i] = call(body, output);
    }
    return Samples.ofNanos(nanos);
  }

  private long call(JsonNode body, String output) {
    var began = System.nanoTime();
    var reply = client.post("/api/scripts/wasm", body);
    var nanos = System.nanoTime() - began;
    assertThat(reply.expect(200).at("/output").asText()).isEqualTo(output);
    return nanos;
  }

  /** What callers took, and what the service's health took meanwhile. */
  record Load(Clients.Load calls, Samples health) {}

  /**
   * So many callers at once, each again as soon as it is answered; health is asked 50 times a
   * second.
   */
  Load crowded(int callers, Duration time) throws Exception {
    var body = Modules.call("--reactor", "fibonacci.wasm", "fib 20").toString();
    var call = Wire.request("POST", "/api/scripts/wasm", token, body);
    var health = Wire.request("GET", "/api/health", token, "");
    try (var clients = new Clients(callers, url, call, "6765");
        var thread = Executors.newSingleThreadExecutor()) {
      var over = new AtomicBoolean();
      var asking =
          thread.submit(() -> {
            Clients.Load last;
            do {
              last = clients.ask(callers * 10);
            } while (!over.get());
            return last;
          });
      var answers = Offered.requests(url, health, (int) (50 * time.toSeconds()), 50);
      over.set(true);
      assertThat(answers).allMatch(answer -> answer.status() == 200);
      return new Load(
          asking.get(),
          Samples.of(answers.stream().mapToDouble(answer -> answer.seconds() * 1e3).toArray()));
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
