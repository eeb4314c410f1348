package dev.runnel.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLauncherTest extends LauncherContract {

  @Override
  Launcher launcher() {
    return new NativeLauncher(tree, null);
  }

  @Override
  long mayStayIgnored() {
    return 0;
  }

  @Test
  void the_signal_and_what_was_used_are_known() throws Exception {
    var status = run(Launches.bash("for i in {1..200000}; do :; done; kill -9 $$")).awaitExit();
    assertThat(status.signal()).isEqualTo(Native.SIGKILL);
    assertThat(status.cpu()).isBetween(Duration.ofMillis(5), Duration.ofMinutes(1));
    assertThat(status.peakMemoryBytes()).as("not the starter's own").isNull();
  }

  @Test
  void output_of_a_descendant_is_read_after_the_end_of_the_child() throws Exception {
    var said = new Recorder();
    start(
        Launches.bash("(until ! kill -0 $$ 2>/dev/null; do sleep 0.01; done; echo late) &"), said);
    said.awaitExit();
    said.awaitClosed();
    assertThat(said.out()).isEqualTo("late\n");
  }

  @Test
  void who_traces_a_child_that_has_ended_does_not_keep_the_reader_busy() throws Exception {
    var script =
        """
        import ctypes, os, time
        traced = os.getpid()
        ready, tell = os.pipe()
        if os.fork() == 0:
            seize = 0x4206
            print(ctypes.CDLL(None).ptrace(seize, traced, 0, 0), flush=True)
            os.close(1), os.close(2), os.write(tell, b'x')
            time.sleep(60)
        os.read(ready, 1)
        """;
    var said = new Recorder();
    var child = start(Launches.marked(Launches.of("python3", "-c", script)), said);
    said.awaitClosed();
    assumeTrue(said.out().equals("0\n"), "nothing may be traced here");
    await().until(() -> Proc.stat(child.pid()).orElseThrow().isZombie());
    var reader = reader();
    long before = busy(reader);
    long since = System.nanoTime();
    await().until(() -> System.nanoTime() - since > TimeUnit.MILLISECONDS.toNanos(300));
    assertThat(busy(reader) - before).isLessThan(TimeUnit.MILLISECONDS.toNanos(30));
    assertThat(tree.kill(child.id())).isEqualTo(1);
    assertThat(said.awaitExit().code()).isZero();
  }

  private static Thread reader() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("runnel-children"))
        .findAny()
        .orElseThrow();
  }

  private static long busy(Thread thread) {
    return ManagementFactory.getThreadMXBean().getThreadCpuTime(thread.threadId());
  }

  @Test
  void starts_from_virtual_threads_work_and_fail_alike() throws Exception {
    var said = new Recorder();
    var failed = new CompletableFuture<StartFailed>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            start(Launches.bash("echo from afar"), said);
            start(Launches.of("no-such-program"), new Recorder());
          } catch (StartFailed e) {
            failed.complete(e);
          }
        });
    assertThat(failed.get()).hasMessage("no-such-program executable not found");
    said.awaitClosed();
    assertThat(said.out()).isEqualTo("from afar\n");
  }

  @Test
  void a_script_without_a_first_line_or_with_a_wrong_one_says_so(@TempDir Path directory)
      throws Exception {
    var bare = Files.writeString(directory.resolve("bare"), "echo x\n");
    var wrong = Files.writeString(directory.resolve("wrong"), "#!/no/such\n");
    assertThat(bare.toFile().setExecutable(true) && wrong.toFile().setExecutable(true)).isTrue();
    assertThat(failure(Launches.of(bare.toString()))).hasMessageContaining("#!/bin/sh");
    assertThat(failure(Launches.of(wrong.toString())))
        .hasMessageContaining("names an interpreter in its first line that does not exist");
  }
}
