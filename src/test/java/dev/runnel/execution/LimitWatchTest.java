package dev.runnel.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.run.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a run uses is counted. Every script here is small and ends by itself. */
class LimitWatchTest {
  private static final long MIB = 1 << 20;
  private static ProcessTree tree;
  private static Launcher launcher;
  private static LimitWatch watch;

  private final List<Child> started = new ArrayList<>();
  private final CompletableFuture<Breach> breach = new CompletableFuture<>();

  @BeforeAll
  static void open() {
    tree = ProcessTree.ofThisJvm();
    launcher = new NativeLauncher(tree, null);
    watch = new LimitWatch(tree);
  }

  @AfterAll
  static void close() {
    watch.close();
    launcher.close();
  }

  @AfterEach
  void end() {
    started.forEach(child -> {
      watch.remove(child.id());
      tree.kill(child.id());
    });
  }

  private static RunLimits limits(
      @Nullable Duration cpu, @Nullable Long memory, @Nullable Long processes) {
    return new RunLimits(cpu, memory, processes, null, null);
  }

  /** Starts it under watch and waits until it says that it is ready. */
  private Child start(String script, RunLimits limits, String language) throws Exception {
    var said = new Recorder();
    var child = launcher.start(Launches.marked(Launches.of(language, "-c", script)), said);
    started.add(child);
    watch.add(child.id(), limits, null, breach::complete);
    said.awaitOut("ready");
    return child;
  }

  private Breach breach() throws Exception {
    return breach.get(20, TimeUnit.SECONDS);
  }

  @Test
  void memory_is_that_of_all_processes() throws Exception {
    var script =
        """
        import os, time
        for i in range(3):
            if os.fork() == 0:
                held = b'x' * (40 << 20)
                print('ready', flush=True)
                time.sleep(30)
                os._exit(0)
        time.sleep(30)
        """;
    start(script, limits(null, 100 * MIB, null), "python3");
    assertThat(breach().reason()).isEqualTo(Reason.OUT_OF_MEMORY);
    assertThat(breach().message())
        .matches("Memory limit of 100 MiB exceeded: 1\\d\\d MiB in [234] processes");
  }

  @Test
  void what_processes_share_counts_once() throws Exception {
    var script =
        """
        import os, time
        held = b'x' * (40 << 20)
        for i in range(4):
            if os.fork() == 0:
                time.sleep(30)
                os._exit(0)
        print('ready', flush=True)
        time.sleep(30)
        """;
    var limits = limits(null, 100 * MIB, null);
    var child = start(script, limits, "python3");
    await().until(() -> tree.residentBytes(child.id()) > 200 * MIB);
    var run = new Watched(child.id(), limits, null, breach::complete, 0, HostLoad.now());
    var use = run.use(tree, tree.orphans());
    assertThat(use.residentBytes()).isGreaterThan(200 * MIB);
    assertThat(use.processes()).isEqualTo(5);
    assertThat(run.breach(use, tree)).isNull();
    assertThat(breach).isNotDone();
  }

  @Test
  void processes_that_left_the_tree_count() throws Exception {
    start(
        "for i in {1..15}; do setsid sleep 30 >/dev/null & done; echo ready; sleep 30",
        limits(null, null, 12L),
        "bash");
    assertThat(breach())
        .matches(b -> b.reason() == Reason.PROCESS_LIMIT)
        .extracting(Breach::message)
        .asString()
        .matches("Process limit of 12 exceeded: 1\\d processes and threads");
  }

  @Test
  void threads_count_as_processes() throws Exception {
    var script =
        """
        import threading, time
        for i in range(10):
            threading.Thread(target=time.sleep, args=(30,), daemon=True).start()
        print('ready', flush=True)
        time.sleep(30)
        """;
    start(script, limits(null, null, 8L), "python3");
    assertThat(breach().message()).endsWith("11 processes and threads");
  }

  @Test
  void processes_without_any_sign_of_the_only_run_count() throws Exception {
    var script =
        "for i in {1..12}; do (env -i setsid sleep 30 >/dev/null 2>&1 &); done; echo ready; sleep"
            + " 30";
    start(script, limits(null, null, 8L), "bash");
    assertThat(breach().reason()).isEqualTo(Reason.PROCESS_LIMIT);
  }

  @Test
  void processor_time_of_children_counts() throws Exception {
    var loop = "for i in {1..3000000}; do :; done";
    start(
        "(" + loop + ") & (" + loop + ") & echo ready; wait",
        limits(Duration.ofMillis(400), null, null),
        "bash");
    assertThat(breach().reason()).isEqualTo(Reason.CPU_LIMIT);
    assertThat(breach().message()).matches("CPU limit of 0.4 s reached: \\d+(\\.\\d)? s used");
  }

  @Test
  void a_run_within_its_limits_is_left_alone_and_then_forgotten() throws Exception {
    var within = limits(Duration.ofSeconds(100), 500 * MIB, 50L);
    var child = start("echo ready; sleep 30", within, "bash");
    var run = new Watched(child.id(), within, null, breach::complete, 0, HostLoad.now());
    assertThat(run.breach(run.use(tree, tree.orphans()), tree)).isNull();
    watch.remove(child.id());
    tree.kill(child.id());
    assertThat(run.use(tree, tree.orphans()).processes()).isZero();
    assertThat(breach).isNotDone();
  }

  @Test
  void it_is_looked_at_when_the_host_changes_by_what_it_has_left() {
    var host = new HostLoad(1_000, 8_000 * MIB);
    var limits = limits(null, 1_000 * MIB, 100L);
    var run = new Watched(new ProcessId(1, 1), limits, null, breach::complete, 0, host);
    long now = 1;
    assertThat(run.isDue(now, host)).isFalse();
    assertThat(run.isDue(now, new HostLoad(1_100, 8_000 * MIB))).isTrue();
    assertThat(run.isDue(now, new HostLoad(1_000, 7_000 * MIB))).isTrue();
    run.seen(new ProcessTree.Use(40, 1, 600 * MIB, Duration.ZERO), host, now);
    assertThat(run.isDue(now, new HostLoad(1_059, 7_601 * MIB))).isFalse();
    assertThat(run.isDue(now, new HostLoad(1_060, 8_000 * MIB))).isTrue();
    assertThat(run.isDue(now, new HostLoad(1_000, 7_600 * MIB))).isTrue();
    assertThat(run.isDue(now + TimeUnit.SECONDS.toNanos(1), host)).isTrue();
  }
}
