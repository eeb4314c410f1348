package dev.runnel.execution.wasm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.config.WasmOptions;
import dev.runnel.execution.Job;
import dev.runnel.run.Output;
import dev.runnel.run.Reason;
import dev.runnel.worker.wasm.Order;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Real worker processes: who serves whom, and how each of them ends. */
class WorkersTest {
  private static final Path MODULES = Path.of("src", "test", "resources", "wasm").toAbsolutePath();
  private static final long MIB = 1 << 20;
  private static final Duration LONG = Duration.ofMinutes(1);

  private final Queue<Process> started = new ConcurrentLinkedQueue<>();
  private @Nullable Workers workers;

  private Workers workers(int most, long memory, Duration idle) {
    workers = new Workers(new WasmOptions(LONG, memory, most, idle));
    return workers;
  }

  private Process spawn(List<String> arguments) throws IOException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var argv = new ArrayList<>(List.of(java));
    argv.addAll(arguments);
    var process = new ProcessBuilder(argv).start();
    started.add(process);
    return process;
  }

  /** None is left, whatever it did. */
  @AfterEach
  void close() {
    if (workers != null) {
      workers.close();
    }
    for (var process : started) {
      assertThat(process.onExit().orTimeout(20, TimeUnit.SECONDS).join().isAlive()).isFalse();
    }
  }

  private static final class Heard implements Job.Heard {
    final ByteArrayOutputStream out = new ByteArrayOutputStream();
    final ByteArrayOutputStream err = new ByteArrayOutputStream();
    final AtomicLong bytes = new AtomicLong();
    final CompletableFuture<Integer> end = new CompletableFuture<>();
    volatile @Nullable Reason over;

    @Override
    public void output(Output stream, byte[] printed) {
      if (bytes.addAndGet(printed.length) < MIB) {
        (stream == Output.STDOUT ? out : err).writeBytes(printed);
      }
    }

    @Override
    public void over(Reason reason, String message) {
      over = reason;
    }

    @Override
    public void ended(int code, @Nullable Duration cpu) {
      assertThat(end.complete(code)).as("ends once").isTrue();
    }

    int code() {
      return end.orTimeout(30, TimeUnit.SECONDS).join();
    }

    String text() {
      return out.toString(StandardCharsets.UTF_8) + err.toString(StandardCharsets.UTF_8);
    }
  }

  private Job.Running begin(Heard heard, int pages, String... params) {
    var module = params[0].equals("more") ? "files.wasm" : "sums.wasm";
    var options = params[0].equals("more") ? List.<String>of() : List.of("--reactor");
    var order = new Order(MODULES.toString(), options, module, List.of(params), pages, 0);
    return Objects.requireNonNull(workers).submit(order, heard, this::spawn);
  }

  private Job.Running begin(Heard heard, String... params) {
    return begin(heard, 100, params);
  }

  private void adds() {
    var heard = new Heard();
    begin(heard, "add", "1", "2");
    assertThat(heard.code()).isZero();
    assertThat(heard.text()).isEqualTo("3\n");
  }

  /** The first worker, which reads nothing from now on. */
  private Process stopped() throws IOException, InterruptedException {
    var first = Objects.requireNonNull(started.peek());
    var stop = new ProcessBuilder("kill", "-STOP", Long.toString(first.pid())).start();
    assertThat(stop.waitFor()).isZero();
    return first;
  }

  @Test
  void one_worker_serves_one_job_after_the_other() {
    workers(1, 16 * MIB, LONG);
    assertThat(started).as("nothing is started before it is needed").isEmpty();
    for (var i = 0; i < 3; i++) {
      adds();
    }
    var many = new ArrayList<Heard>();
    for (var i = 0; i < 20; i++) {
      many.add(new Heard());
      begin(many.getLast(), "add", "1", Integer.toString(i));
    }
    for (var i = 0; i < 20; i++) {
      assertThat(many.get(i).code()).isZero();
      assertThat(many.get(i).text()).isEqualTo(i + 1 + "\n");
    }
    assertThat(started).hasSize(1);
  }

  @Test
  void a_job_that_has_waited_gets_a_worker_of_its_own() {
    workers(Runtime.getRuntime().availableProcessors() + 1, 16 * MIB, LONG);
    var endless = new ArrayList<Job.Running>();
    for (var i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
      endless.add(begin(new Heard(), "forever"));
    }
    adds();
    assertThat(started).hasSize(Runtime.getRuntime().availableProcessors() + 1);
    assertThat(endless).allMatch(running -> running.kill(137));
  }

  @Test
  void a_job_that_does_not_end_is_ended_with_its_worker_and_the_next_gets_another() {
    workers(1, 16 * MIB, LONG);
    var heard = new Heard();
    var running = begin(heard, "forever");
    var next = new Heard();
    begin(next, "add", "1", "1");
    await().until(() -> started.size() == 1);
    assertThat(running.kill(143)).isTrue();
    assertThat(heard.code()).isEqualTo(143);
    assertThat(running.kill(137)).as("it has ended").isFalse();
    assertThat(next.code()).isZero();
    assertThat(started).hasSize(2);
    assertThat(Objects.requireNonNull(started.peek()).isAlive()).isFalse();
    adds();
  }

  @Test
  void a_job_that_waits_is_ended_without_harm_to_others() {
    workers(1, 16 * MIB, LONG);
    var first = new Heard();
    var running = begin(first, "forever");
    var second = new Heard();
    var waiting = begin(second, "add", "1", "1");
    assertThat(waiting.kill(143)).isFalse();
    assertThat(second.code()).isEqualTo(143);
    assertThat(second.text()).isEmpty();
    assertThat(first.end).isNotDone();
    running.kill(137);
    assertThat(first.code()).isEqualTo(137);
  }

  @Test
  void a_kill_that_comes_late_does_not_hit_the_next_job() {
    workers(1, 16 * MIB, LONG);
    for (var i = 0; i < 20; i++) {
      var heard = new Heard();
      var running = begin(heard, "add", "1", "2");
      heard.code();
      var next = new Heard();
      begin(next, "add", "2", "3");
      assertThat(running.kill(137)).isFalse();
      assertThat(next.code()).isZero();
    }
    assertThat(started).hasSize(1);
  }

  @Test
  void a_worker_that_dies_fails_its_job_and_is_replaced() {
    workers(1, 16 * MIB, LONG);
    adds();
    var heard = new Heard();
    var running = begin(heard, "more");
    await().until(() -> heard.bytes.get() > 0);
    running.pause();
    Objects.requireNonNull(started.peek()).destroyForcibly();
    running.resume();
    assertThat(heard.code()).isEqualTo(137);
    assertThat(heard.err).hasToString("wasm: the runtime ended unexpectedly (exit code 137)\n");
    adds();
    assertThat(started).hasSize(2);
  }

  @Test
  void a_job_that_a_dying_worker_has_not_begun_gets_another() throws Exception {
    workers(1, 16 * MIB, LONG);
    adds();
    var first = stopped();
    var heard = new Heard();
    begin(heard, "add", "3", "4");
    var next = new Heard();
    begin(next, "add", "4", "5");
    var unwanted = new Heard();
    var killed = begin(unwanted, "forever");
    first.destroyForcibly();
    assertThat(heard.code()).isZero();
    assertThat(heard.text()).isEqualTo("7\n");
    assertThat(next.code()).isZero();
    killed.kill(137);
    assertThat(unwanted.code()).isEqualTo(137);
    started.forEach(Process::destroyForcibly);
    started.forEach(process -> process.onExit().join());
    adds();
  }

  @Test
  void a_job_that_is_ended_before_its_worker_has_begun_it_is_not_tried_again() throws Exception {
    workers(1, 16 * MIB, LONG);
    adds();
    stopped();
    var heard = new Heard();
    assertThat(begin(heard, "add", "3", "4").kill(143)).isTrue();
    assertThat(heard.code()).isEqualTo(143);
    assertThat(heard.text()).isEmpty();
    assertThat(started).hasSize(1);
  }

  @Test
  void a_job_that_is_ended_before_it_is_tried_again_does_not_run() {
    var pool = workers(1, 16 * MIB, LONG);
    adds();
    var heard = new Heard();
    var order = new Order(MODULES.toString(), List.of(), "files.wasm", List.of("more"), 100, 0);
    var job = new WasmJob(pool, order, heard, this::spawn);
    assertThat(job.kill(143)).isFalse();
    assertThat(heard.code()).isEqualTo(143);
    pool.again(job);
    adds();
    assertThat(heard.text()).isEmpty();
    assertThat(started).hasSize(1);
  }

  @Test
  void a_worker_without_work_ends_after_a_while() {
    workers(1, 16 * MIB, Duration.ofMillis(200));
    adds();
    await().until(() -> started.stream().noneMatch(Process::isAlive));
    adds();
    assertThat(started).hasSize(2);
  }

  @Test
  void what_takes_too_much_memory_ends_for_that() {
    workers(1, 16 * MIB, LONG);
    var heard = new Heard();
    begin(heard, 30_000, "hog");
    assertThat(heard.code()).isEqualTo(137);
    assertThat(heard.over).isEqualTo(Reason.OUT_OF_MEMORY);
    adds();
    assertThat(started).as("a worker that ran out of memory is not used again").hasSize(2);
  }

  @Test
  void a_call_stack_that_overflows_costs_the_worker() {
    workers(1, 16 * MIB, LONG);
    var heard = new Heard();
    begin(heard, "deep", "0");
    assertThat(heard.code()).isEqualTo(134);
    assertThat(heard.text()).isEqualTo("wasm: sums.wasm trapped: call stack exhausted\n");
    adds();
    assertThat(started).hasSize(2);
  }

  @Test
  void a_flood_is_held_back_and_can_be_ended() {
    workers(1, 16 * MIB, LONG);
    var heard = new Heard();
    var running = begin(heard, "more");
    await().until(() -> heard.bytes.get() > 1_000);
    running.pause();
    var seen = new AtomicLong(-1);
    await()
        .pollInterval(Duration.ofMillis(50))
        .until(() -> seen.getAndSet(heard.bytes.get()) == heard.bytes.get());
    running.resume();
    await().until(() -> heard.bytes.get() > seen.get() + 1_000);
    running.pause();
    assertThat(running.kill(143)).isTrue();
    assertThat(heard.code()).as("also while it is held back").isEqualTo(143);
  }

  @Test
  void a_runtime_that_cannot_be_started_says_so() {
    var broken = workers(1, 16 * MIB, LONG);
    var heard = new Heard();
    var order = new Order(MODULES.toString(), List.of(), "sums.wasm", List.of(), 1, 0);
    broken.submit(
        order,
        heard,
        _ -> {
          throw new IOException("no java here");
        });
    assertThat(heard.code()).isEqualTo(1);
    assertThat(heard.text()).isEqualTo("wasm: the runtime could not be started: no java here\n");
    var dead = new Heard();
    broken.submit(order, dead, _ -> spawn(List.of("-no-such-option")));
    assertThat(dead.code()).isEqualTo(1);
    assertThat(dead.text()).contains("ended unexpectedly (exit code 1)", "-no-such-option");
    adds();
  }

  @Test
  void closing_ends_what_runs_and_what_waits() {
    var closing = workers(1, 16 * MIB, LONG);
    var running = new Heard();
    begin(running, "forever");
    var waiting = new Heard();
    begin(waiting, "add", "1", "1");
    closing.close();
    assertThat(waiting.code()).isEqualTo(1);
    assertThat(running.code()).isNotZero();
    var late = new Heard();
    begin(late, "add", "1", "1");
    assertThat(late.text()).isEqualTo("wasm: the service is stopping\n");
    assertThat(started).noneMatch(Process::isAlive);
  }
}
