package dev.runnel.execution;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sets the limits that the kernel keeps for each process. */
final class Rlimits {
  private Rlimits() {}

  /**
   * Limits a process that has just been started, and the children it may already have: what it
   * starts later inherits.
   */
  static void apply(long leader, RunLimits limits) {
    Set<Long> seen = new HashSet<>();
    var open = new ArrayDeque<Long>();
    open.add(leader);
    while (!open.isEmpty()) {
      long pid = open.remove();
      if (seen.add(pid)) {
        set(pid, limits);
        open.addAll(Proc.children(pid));
      }
    }
  }

  private static void set(long pid, RunLimits limits) {
    Native.limit(pid, Native.RLIMIT_CORE, 0, 0);
    var cpu = limits.cpuSeconds();
    if (cpu != null) {
      Native.limit(pid, Native.RLIMIT_CPU, cpu, cpu + 1);
    }
    set(pid, Native.RLIMIT_NPROC, limits.processes());
    set(pid, Native.RLIMIT_NOFILE, limits.openFiles());
    set(pid, Native.RLIMIT_FSIZE, limits.fileSizeBytes());
  }

  private static void set(long pid, int resource, @Nullable Long value) {
    if (value != null) {
      Native.limit(pid, resource, value, value);
    }
  }
}
