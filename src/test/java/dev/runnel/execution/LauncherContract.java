package dev.runnel.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.runnel.run.Output;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every launcher promises about the processes it starts. */
abstract class LauncherContract {
  final ProcessTree tree = ProcessTree.ofThisJvm();
  private final List<Child> started = new ArrayList<>();
  Launcher launcher;

  abstract Launcher launcher();

  @BeforeEach
  void open() {
    launcher = launcher();
  }

  @AfterEach
  void close() {
    started.forEach(child -> tree.kill(child.id()));
    launcher.close();
  }

  Child start(Launch launch, ChildListener listener) throws StartFailed {
    var child = launcher.start(launch, listener);
    started.add(child);
    return child;
  }

  Recorder run(Launch launch) throws Exception {
    var said = new Recorder();
    start(launch, said);
    said.awaitExit();
    said.awaitClosed();
    return said;
  }

  StartFailed failure(Launch launch) {
    var thrown = new AtomicReference<StartFailed>();
    assertThatThrownBy(() -> start(launch, new Recorder()))
        .isInstanceOfSatisfying(StartFailed.class, thrown::set);
    return thrown.get();
  }

  @Test
  void both_streams_and_the_exit_code_arrive() throws Exception {
    var said = run(Launches.bash("echo out; echo err >&2; exit 7"));
    assertThat(said.out()).isEqualTo("out\n");
    assertThat(said.err()).isEqualTo("err\n");
    assertThat(said.awaitExit().code()).isEqualTo(7);
    assertThat(said.awaitExit().signal()).isNull();
  }

  @Test
  void a_signal_counts_128_and_its_number() throws Exception {
    assertThat(run(Launches.bash("kill -9 $$")).awaitExit().code()).isEqualTo(137);
    assertThat(run(Launches.bash("kill -TERM $$")).awaitExit().code()).isEqualTo(143);
  }

  @Test
  void only_the_three_standard_descriptors_are_open() throws Exception {
    var said =
        run(Launches.of("python3", "-c", "import os; print(sorted(os.listdir('/proc/self/fd')))"));
    assertThat(said.out()).isEqualTo("['0', '1', '2', '3']\n");
    assertThat(run(Launches.bash("readlink /proc/$$/fd/0")).out()).isEqualTo("/dev/null\n");
  }

  @Test
  void no_signal_is_blocked_or_ignored() throws Exception {
    var status = run(Launches.of("cat", "/proc/self/status")).out();
    assertThat(signals(status, "SigBlk")).isZero();
    assertThat(signals(status, "SigIgn") & ~mayStayIgnored()).isZero();
  }

  /** Signals the launcher cannot set back to their default. */
  abstract long mayStayIgnored() throws IOException;

  static long signals(String status, String which) {
    return status
        .lines()
        .filter(line -> line.startsWith(which))
        .mapToLong(line -> Long.parseUnsignedLong(line.substring(which.length() + 2), 16))
        .sum();
  }

  @Test
  void a_closed_pipe_ends_a_writer() throws Exception {
    var said = run(Launches.bash("set -o pipefail; yes | head -1 >/dev/null; echo $?"));
    assertThat(said.out()).isEqualTo("141\n");
  }

  @Test
  void the_umask_is_the_service_s() throws Exception {
    var ours =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("Umask"))
            .toList();
    assertThat(run(Launches.of("grep", "^Umask", "/proc/self/status")).out().lines())
        .isEqualTo(ours)
        .hasSize(1);
  }

  @Test
  void the_environment_is_exactly_what_was_given() throws Exception {
    var environment =
        Map.of("PATH", Launches.PATH, "EMPTY", "", "MANY", "a b\n\"c\" 'd'\t=e", "lower", "x");
    var launch = new Launch(List.of("env", "-0"), environment, Path.of("/"), null, RunLimits.NONE);
    var seen = Arrays.stream(run(launch).out().split("\0")).collect(Collectors.toSet());
    assertThat(seen)
        .isEqualTo(
            environment.entrySet().stream()
                .map(e -> e.getKey() + "=" + e.getValue())
                .collect(Collectors.toSet()));
  }

  @Test
  void arguments_arrive_as_they_are() throws Exception {
    var odd =
        List.of("", " ", "a b", "'", "\"", "\\", "$HOME `id`", "new\nline", "-n", "ünï→🦆", "");
    var argv = new ArrayList<>(List.of("printf", "%s\\0"));
    argv.addAll(odd);
    var seen = run(Launches.of(argv.toArray(String[]::new))).out();
    assertThat(List.of(seen.split("\0", -1)).subList(0, odd.size())).isEqualTo(odd);
  }

  @Test
  void the_name_a_program_is_called_by_is_kept() throws Exception {
    assertThat(run(Launches.of("bash", "-c", "tr '\\0' ' ' < /proc/$$/cmdline")).out())
        .startsWith("bash -c");
  }

  @Test
  void it_starts_in_its_working_directory(@TempDir Path directory) throws Exception {
    var real = directory.toRealPath();
    Files.writeString(real.resolve("here"), "#!/bin/sh\necho found\n");
    assertThat(real.resolve("here").toFile().setExecutable(true)).isTrue();
    assertThat(run(Launches.in(Launches.of("/bin/pwd"), real)).out()).isEqualTo(real + "\n");
    assertThat(run(Launches.in(Launches.of("./here"), real)).out()).isEqualTo("found\n");
  }

  @Test
  void it_leads_a_session_without_a_terminal() throws Exception {
    var fields = run(Launches.bash("cat /proc/$$/stat")).out();
    var stat = ProcessStat.parse(fields);
    assertThat(stat.session()).isEqualTo(stat.pid());
    assertThat(stat.terminal()).isZero();
    assertThat(stat.parent()).isEqualTo(ProcessHandle.current().pid());
  }

  @Test
  void its_identity_is_pid_and_start_time() throws Exception {
    var said = new Recorder();
    var child = start(Launches.bash("cat /proc/$$/stat; read; exit"), said);
    said.awaitClosed();
    assertThat(ProcessStat.parse(said.out()).id()).isEqualTo(child.id());
  }

  @Test
  void stdin_is_empty_unless_given() throws Exception {
    assertThat(run(Launches.of("cat")).out()).isEmpty();
  }

  @Test
  void stdin_bytes_arrive_and_end() throws Exception {
    byte[] bytes = new byte[3_000_000];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31 + i / 255);
    }
    assertThat(run(Launches.reading(Launches.of("cat"), bytes)).bytes(Output.STDOUT))
        .isEqualTo(bytes);
    assertThat(run(Launches.reading(Launches.of("cat"), new byte[0])).out()).isEmpty();
  }

  @Test
  void stdin_that_nobody_reads_does_no_harm() throws Exception {
    var said = run(Launches.reading(Launches.bash("exec <&-; echo fine"), new byte[1_000_000]));
    assertThat(said.out()).isEqualTo("fine\n");
  }

  @Test
  void twenty_megabytes_survive_pausing() throws Exception {
    var chunks = new AtomicInteger();
    var child = new CompletableFuture<Child>();
    var said =
        new Recorder() {
          @Override
          void heard() {
            if (chunks.incrementAndGet() % 16 == 0) {
              child.join().pause();
              Thread.startVirtualThread(child.join()::resume);
            }
          }
        };
    child.complete(start(Launches.bash("seq 1 2700000 | head -c 20000000"), said));
    assertThat(said.awaitExit().code()).isZero();
    said.awaitClosed();
    var expected = new StringBuilder();
    for (int i = 1; expected.length() < 20_000_000; i++) {
      expected.append(i).append('\n');
    }
    assertThat(said.out()).hasSize(20_000_000);
    assertThat(expected.toString().startsWith(said.out())).isTrue();
  }

  @Test
  void a_paused_child_waits_and_loses_nothing() throws Exception {
    var child = new CompletableFuture<Child>();
    var paused = new CountDownLatch(1);
    var said =
        new Recorder() {
          @Override
          void heard() {
            if (paused.getCount() > 0) {
              child.join().pause();
              paused.countDown();
            }
          }
        };
    child.complete(start(Launches.bash("head -c 10000000 /dev/zero; echo done >&2"), said));
    paused.await();
    int held = said.bytes(Output.STDOUT).length;
    await().until(() -> firstChildSleeps(child.join()));
    assertThat(said.bytes(Output.STDOUT)).hasSize(held).hasSizeLessThan(100_000);
    child.join().resume();
    said.awaitClosed();
    assertThat(said.bytes(Output.STDOUT)).hasSize(10_000_000);
    assertThat(said.err()).isEqualTo("done\n");
  }

  private static boolean firstChildSleeps(Child child) {
    return Proc.children(child.pid()).stream()
        .map(Proc::stat)
        .anyMatch(stat -> stat.isPresent() && stat.get().state() == 'S');
  }

  @Test
  void closing_the_output_ends_both_streams() throws Exception {
    var said = new Recorder();
    var child = start(Launches.bash("echo here; sleep 60"), said);
    said.awaitOut("here");
    child.closeOutput();
    said.awaitClosed();
    assertThat(said.hasExited()).isFalse();
    child.signal(Native.SIGKILL);
    assertThat(said.awaitExit().code()).isEqualTo(137);
  }

  @Test
  void a_signal_after_the_end_goes_nowhere() throws Exception {
    var said = new Recorder();
    var child = start(Launches.of("true"), said);
    assertThat(said.awaitExit().code()).isZero();
    child.signal(Native.SIGKILL);
    assertThat(Proc.stat(child.pid()).filter(s -> s.id().equals(child.id()))).isEmpty();
  }

  @Test
  void what_cannot_start_says_why(@TempDir Path directory) throws Exception {
    var missing = failure(Launches.of("no-such-node", "x"));
    assertThat(missing).hasMessage("no-such-node executable not found");
    assertThat(missing.obstacle()).isEqualTo(StartFailed.Obstacle.EXECUTABLE_NOT_FOUND);

    var nowhere = failure(Launches.in(Launches.of("true"), directory.resolve("gone")));
    assertThat(nowhere).hasMessage("Working directory not found: " + directory.resolve("gone"));
    assertThat(nowhere.obstacle()).isEqualTo(StartFailed.Obstacle.WORKING_DIRECTORY_NOT_FOUND);

    var plain = Files.writeString(directory.resolve("plain"), "text");
    assertThat(failure(Launches.of(plain.toString())).obstacle())
        .isEqualTo(StartFailed.Obstacle.EXECUTABLE_NOT_RUNNABLE);

    var long1 = failure(Launches.of("echo", "x".repeat(3_000_000)));
    assertThat(long1.obstacle()).isEqualTo(StartFailed.Obstacle.ARGUMENTS_TOO_LONG);
    assertThat(long1).hasMessageContaining("standard input or a file");
  }

  @Test
  void the_program_is_looked_up_on_the_path_of_the_child(@TempDir Path directory) throws Exception {
    Files.writeString(directory.resolve("bash"), "#!/bin/sh\necho mine\n");
    assertThat(directory.resolve("bash").toFile().setExecutable(true)).isTrue();
    var launch = Launches.with(Launches.bash(""), "PATH", directory + ":" + Launches.PATH);
    assertThat(run(launch).out()).isEqualTo("mine\n");
    assertThat(failure(Launches.with(Launches.bash(""), "PATH", "/nowhere")))
        .hasMessage("bash executable not found");
  }

  @Test
  void limits_are_visible_to_the_child() throws Exception {
    var limits = new RunLimits(Duration.ofSeconds(1000), null, 5000L, 77L, 123L * 1024);
    var script =
        "until [ \"$(ulimit -n)\" = 77 ]; do :; done;"
            + " ulimit -n; ulimit -St; ulimit -Ht; ulimit -f; ulimit -c; ulimit -u";
    var seen = run(Launches.with(Launches.bash(script), limits)).out();
    assertThat(seen).startsWith("77\n1000\n1001\n123\n0\n").endsWith("\n");
    // The kernel counts the whole user's: not the run's own number, but not without end either.
    var processes = Long.parseLong(seen.strip().substring(seen.strip().lastIndexOf('\n') + 1));
    assertThat(processes).isBetween(16 * 5000L + 1, 16 * 5000L + 100_000);
  }

  @Test
  void the_limit_of_processor_time_ends_a_loop() throws Exception {
    var limits = new RunLimits(Duration.ofSeconds(1), null, null, null, null);
    assertThat(run(Launches.with(Launches.bash("while :; do :; done"), limits)).awaitExit().code())
        .isEqualTo(128 + 24);
    var stubborn = Launches.bash("trap '' XCPU; while :; do :; done");
    assertThat(run(Launches.with(stubborn, limits)).awaitExit().code()).isEqualTo(137);
  }
}
