package dev.runnel.execution;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sets the limits that the kernel keeps for each process. */
final class Rlimits {
  /**
   * The kernel counts the processes and threads of a whole user, other runs and the service among
   * them: held to a run's own number, a script would fail because of its neighbours. So this one is
   * far off, and only keeps a script that multiplies from getting out of hand before it is counted.
   */
  private static final long ROOM_FOR_OTHERS = 16;

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
    var cpu = limits.cpu();
    if (cpu != null && cpu.toSeconds() > 0) {
      long seconds = cpu.plusMillis(999).toSeconds();
      Native.limit(pid, Native.RLIMIT_CPU, seconds, seconds + 1);
    }
    var processes = limits.processes();
    if (processes != null) {
      set(pid, Native.RLIMIT_NPROC, HostLoad.now().tasks() + ROOM_FOR_OTHERS * processes);
    }
    set(pid, Native.RLIMIT_NOFILE, limits.openFiles());
    set(pid, Native.RLIMIT_FSIZE, limits.fileSizeBytes());
  }

  private static void set(long pid, int resource, @Nullable Long value) {
    if (value != null) {
      Native.limit(pid, resource, value, value);
    }
  }
}
