package dev.runnel.execution;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What it costs to count what runs use. */
@Tag("bench")
class LimitWatchBench {
  private static final int RUNS = 32;
  private static final Duration WHILE = Duration.ofSeconds(10);

  /** Two processes each, within their limits. */
  @Test
  void of_thirty_two_runs() throws Exception {
    var tree = ProcessTree.ofThisJvm();
    var limits = new RunLimits(Duration.ofSeconds(100), 2L << 30, 512L, null, null);
    var children = new ArrayList<Child>();
    try (var launcher = new NativeLauncher(tree, null);
        var watch = new LimitWatch(tree)) {
      for (int i = 0; i < RUNS; i++) {
        var said = new Recorder();
        var launch = Launches.marked(Launches.bash("sleep 60 & echo ready; wait"));
        var child = launcher.start(launch, said);
        children.add(child);
        watch.add(child.id(), limits, null, _ -> {});
        said.awaitOut("ready");
      }
      long thread = watchThread();
      var threads = ManagementFactory.getThreadMXBean();
      LockSupport.parkNanos(WHILE.toNanos()); // warm
      long before = threads.getThreadCpuTime(thread);
      long start = System.nanoTime();
      LockSupport.parkNanos(WHILE.toNanos());
      double cpu = threads.getThreadCpuTime(thread) - before;
      System.out.printf(
          "counting %d runs of 2 processes takes %.2f %% of a core%n",
          RUNS, 100 * cpu / (System.nanoTime() - start));
      children.forEach(child -> {
        watch.remove(child.id());
        tree.kill(child.id());
      });
    }
  }

  private static long watchThread() {
    var threads = ManagementFactory.getThreadMXBean();
    return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
        .filter(thread -> thread != null && thread.getThreadName().equals("runnel-limits"))
        .findFirst()
        .orElseThrow()
        .getThreadId();
  }
}
