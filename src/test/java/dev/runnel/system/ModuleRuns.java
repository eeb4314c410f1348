package dev.runnel.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Synchronous runs of fibonacci.wasm in the built-in runtime, timed from outside. */
final class ModuleRuns implements AutoCloseable {
  private final HttpClient http = HttpClient.newHttpClient();
  private final Client client;

  ModuleRuns(ServiceProcess service) throws IOException {
    var functions = service.home().resolve("functions");
    if (!Files.exists(functions.resolve("fibonacci.wasm"))) {
      Modules.copy(functions);
    }
    client = new Client(http, service.url(), service.token());
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

  /** What calls at a fixed pace took, and what the service's health took meanwhile. */
  record Load(Samples calls, Samples health) {}

  Load paced(int perSecond, Duration time) throws InterruptedException, ExecutionException {
    var body = Modules.call("--reactor", "fibonacci.wasm", "fib 20");
    var calls = new ArrayList<Future<Long>>();
    var health = new ArrayList<Long>();
    var pause = TimeUnit.SECONDS.toNanos(1) / perSecond;
    var began = System.nanoTime();
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var asked =
          callers.submit(() -> {
            while (System.nanoTime() - began < time.toNanos()) {
              var at = System.nanoTime();
              client.get("/api/health").expect(200);
              health.add(System.nanoTime() - at);
              LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            }
          });
      for (long due = began; due - began < time.toNanos(); due += pause) {
        while (System.nanoTime() < due) {
          LockSupport.parkNanos(due - System.nanoTime());
        }
        calls.add(callers.submit(() -> call(body, "6765\n")));
      }
      asked.get();
    }
    var took = new ArrayList<Long>();
    for (var call : calls) {
      took.add(call.get());
    }
    return new Load(samples(took), samples(health));
  }

  private static Samples samples(List<Long> nanos) {
    return Samples.ofNanos(nanos.stream().mapToLong(Long::longValue).toArray());
  }

  @Override
  public void close() {
    http.close();
  }
}
