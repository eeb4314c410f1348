package dev.runnel.execution;

import dev.runnel.execution.ProcessTree.Use;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One run of a {@link LimitWatch}; but for its making it belongs to the watch's thread. */
final class Watched {
  private static final long FIRST_LOOK = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long LONGEST = TimeUnit.SECONDS.toNanos(1);
  private static final long CORES = Runtime.getRuntime().availableProcessors();

  private final ProcessId leader;
  private final RunLimits limits;
  private final @Nullable RunCgroup group;
  private final Consumer<Breach> over;
  private long interval = FIRST_LOOK;
  private long nextLook;
  private HostLoad before;
  private long tasksLeft;
  private long bytesLeft;

  Watched(
      ProcessId leader,
      RunLimits limits,
      @Nullable RunCgroup group,
      Consumer<Breach> over,
      long now,
      HostLoad host) {
    this.leader = leader;
    this.limits = limits;
    this.group = group;
    this.over = over;
    this.nextLook = now + interval;
    this.before = host;
    this.tasksLeft = limits.processes() == null ? Long.MAX_VALUE : limits.processes();
    this.bytesLeft = limits.memoryBytes() == null ? Long.MAX_VALUE : limits.memoryBytes();
  }

  ProcessId leader() {
    return leader;
  }

  void over(Breach breach) {
    over.accept(breach);
  }

  /** Whether the run may be over a limit, as far as the host tells, or was not seen for long. */
  boolean isDue(long now, HostLoad host) {
    return now - nextLook >= 0
        || host.tasks() - before.tasks() >= tasksLeft
        || before.availableBytes() - host.availableBytes() >= bytesLeft;
  }

  Use use(ProcessTree tree, Collection<ProcessStat> orphans) {
    if (!limits.needCounting()) {
      return Use.NOTHING;
    }
    var most = limits.processes();
    long enough = most == null ? Integer.MAX_VALUE : Math.min(most + 1, Integer.MAX_VALUE);
    return tree.use(leader, orphans, (int) enough);
  }

  /** The limit that the kernel has enforced, if any; to be asked before the cgroup goes. */
  void last() {
    var counted = group == null ? null : group.breach();
    if (counted != null) {
      over(counted);
    }
  }

  /** The limit that is exceeded, if any. */
  @Nullable Breach breach(Use use, ProcessTree tree) {
    var counted = group == null ? null : group.breach();
    if (counted != null) {
      return counted;
    }
    var most = limits.processes();
    if (most != null && use.tasks() > most) {
      return Breach.ofProcesses(most, use.tasks());
    }
    var memory = limits.memoryBytes();
    if (memory != null && use.residentBytes() > memory) {
      // Exact, but dear: what processes share counts once.
      var bytes = tree.proportionalBytes(leader);
      if (bytes > memory) {
        return Breach.ofMemory(memory, bytes, use.processes());
      }
    }
    var cpu = limits.cpu();
    if (cpu != null && use.cpu().compareTo(LimitWatch.withGrace(cpu)) >= 0) {
      return Breach.ofCpu(cpu, use.cpu());
    }
    return null;
  }

  /** Nothing is exceeded: when to look again. */
  void seen(Use use, HostLoad host, long now) {
    before = host;
    interval = Math.min(LONGEST, 2 * interval);
    var most = limits.processes();
    if (most != null) {
      tasksLeft = most - use.tasks();
    }
    var memory = limits.memoryBytes();
    if (memory != null) {
      bytesLeft = Math.max(0, memory - use.residentBytes());
    }
    long pause = interval;
    var cpu = limits.cpu();
    if (cpu != null) {
      long left = LimitWatch.withGrace(cpu).minus(use.cpu()).toMillis();
      pause = Math.min(pause, TimeUnit.MILLISECONDS.toNanos(left) / CORES);
    }
    nextLook = now + pause;
  }
}
