package dev.runnel.execution.wasm;

import dev.runnel.run.Output;
import dev.runnel.run.Reason;
import dev.runnel.worker.wasm.Word;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A worker process and the thread that hears it. */
final class Worker {
  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
  private static final int LAST_WORDS = 2_000;
  private static final int EXIT_SECONDS = 2;

  private final Process process;
  private final Workers workers;
  private final DataOutputStream orders;
  private final AtomicReference<WasmJob> current = new AtomicReference<>();
  private boolean hasRested;
  private long restsSince;

  Worker(Process process, Workers workers) {
    this.process = process;
    this.workers = workers;
    this.orders = new DataOutputStream(new BufferedOutputStream(process.getOutputStream()));
  }

  /** Begins to hear it. */
  void listen() {
    // A platform thread: a blocked read of a pipe would hold the carrier of a virtual one.
    Thread.ofPlatform().daemon().name("runnel-wasm-" + process.pid()).start(this::hear);
  }

  /** Hands it a job that is its own already. */
  void serve(WasmJob job) {
    current.set(job);
    try {
      job.order().write(orders);
    } catch (IOException gone) {
      if (current.compareAndSet(job, null) && !another(job)) {
        job.failed("the runtime cannot be told what to run: " + gone.getMessage());
      }
    }
  }

  /** Ends the process, whatever it does. What it has said is still heard. */
  void kill() {
    process.toHandle().destroyForcibly();
  }

  /** It has nothing to do; whether that is so for the first time. Guarded by the pool. */
  boolean restsSince(long nanos) {
    var first = !hasRested;
    hasRested = true;
    restsSince = nanos;
    return first;
  }

  long restsSince() {
    return restsSince;
  }

  private void hear() {
    try (var in = new DataInputStream(new BufferedInputStream(process.getInputStream()))) {
      while (true) {
        heard(Word.read(in));
      }
    } catch (EOFException gone) {
      LOG.debug("WebAssembly worker {} is gone", process.pid());
    } catch (IOException | InterruptedException | RuntimeException failure) {
      LOG.error("WebAssembly worker {} is given up", process.pid(), failure);
      kill();
    } finally {
      buried();
    }
  }

  private void heard(Word word) throws IOException, InterruptedException {
    var job = current.get();
    if (job == null) {
      throw new IOException("It speaks without being asked");
    }
    switch (word) {
      case Word.Begun() -> job.begins();
      case Word.Printed(var error, var bytes) ->
          job.printed(error ? Output.STDERR : Output.STDOUT, bytes);
      case Word.Ended end -> ended(job, end);
    }
  }

  private void ended(WasmJob job, Word.Ended end) {
    current.set(null);
    var cpu = end.cpuNanos() < 0 ? null : Duration.ofNanos(end.cpuNanos());
    switch (end.limit()) {
      case NONE -> {}
      case MEMORY ->
          job.heard()
              .over(
                  Reason.OUT_OF_MEMORY,
                  "Memory limit exceeded: the module took all that its runtime may have");
      case CPU ->
          job.heard()
              .over(
                  Reason.CPU_LIMIT,
                  "CPU limit of %d ms reached".formatted(job.order().cpuMillis()));
    }
    var ended = job.ends(end.code());
    // First, so that whoever hears of the end and asks for more finds a worker.
    if (!ended.wasKilled() && !end.worn()) {
      workers.free(this);
    }
    job.told(ended, cpu);
  }

  /** It is dead or about to be. */
  private void buried() {
    var code = exit();
    var job = current.getAndSet(null);
    var served = job == null || another(job);
    workers.gone(this);
    if (!served) {
      job.failed(
          code == 0 ? WasmJob.FAILED : code,
          "the runtime ended unexpectedly (exit code " + code + ")" + lastWords());
    }
    try {
      orders.close();
      process.getErrorStream().close();
    } catch (IOException closedAlready) {
      LOG.debug("WebAssembly worker {}: {}", process.pid(), closedAlready.toString());
    }
  }

  /** Whether another worker gets the job: one that has not begun has had no effects yet. */
  private boolean another(WasmJob job) {
    var again = job.mayTryAgain();
    if (again) {
      workers.again(job);
    }
    return again;
  }

  /** Its streams close just before it ends. */
  private int exit() {
    try {
      return process.onExit().get(EXIT_SECONDS, TimeUnit.SECONDS).exitValue();
    } catch (InterruptedException | ExecutionException | TimeoutException late) {
      LOG.warn("WebAssembly worker {} does not end: {}", process.pid(), late.toString());
      kill();
      return process.onExit().join().exitValue();
    }
  }

  /** What the JVM itself had to say. */
  private String lastWords() {
    try {
      var said = process.getErrorStream().readNBytes(LAST_WORDS);
      var text = new String(said, StandardCharsets.UTF_8).strip();
      return text.isEmpty() ? "" : ": " + text;
    } catch (IOException unknown) {
      return "";
    }
  }
}
