package dev.runnel.execution;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
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

  /** One of them: its number for the kernel, its name for prlimit(1), soft and hard. */
  private record Rlimit(int resource, String name, long soft, long hard) {}

  /**
   * Limits a process that has just been started, and the children it may already have: what it
   * starts later inherits. Where prlimit(1) is in front of it that is all there is to do: it could
   * not raise again what would be lowered meanwhile, and fail.
   *
   * @param runAs null for the service's own user
   */
  static void apply(long leader, RunLimits limits, @Nullable RunAs runAs) {
    if (runAs != null && runAs.prlimit() != null) {
      return;
    }
    var rlimits = of(limits);
    Set<Long> seen = new HashSet<>();
    var open = new ArrayDeque<Long>();
    open.add(leader);
    while (!open.isEmpty()) {
      long pid = open.remove();
      if (seen.add(pid)) {
        for (var each : rlimits) {
          Native.limit(pid, each.resource, each.soft, each.hard);
        }
        open.addAll(Proc.children(pid));
      }
    }
  }

  /** The same as arguments of prlimit(1), which fails where one is above what there is. */
  static List<String> words(RunLimits limits) {
    return of(limits).stream()
        .map(each -> {
          long ceiling = Native.ceiling(each.resource);
          long hard = Long.compareUnsigned(ceiling, each.hard) < 0 ? ceiling : each.hard;
          return "--" + each.name + "=" + Math.min(each.soft, hard) + ":" + hard;
        })
        .toList();
  }

  private static List<Rlimit> of(RunLimits limits) {
    var all = new ArrayList<Rlimit>();
    all.add(new Rlimit(Native.RLIMIT_CORE, "core", 0, 0));
    var cpu = limits.cpu();
    if (cpu != null && cpu.toSeconds() > 0) {
      long seconds = cpu.plusMillis(999).toSeconds();
      all.add(new Rlimit(Native.RLIMIT_CPU, "cpu", seconds, seconds + 1));
    }
    var processes = limits.processes();
    if (processes != null) {
      long most = HostLoad.now().tasks() + ROOM_FOR_OTHERS * processes;
      all.add(new Rlimit(Native.RLIMIT_NPROC, "nproc", most, most));
    }
    var openFiles = limits.openFiles();
    if (openFiles != null) {
      all.add(new Rlimit(Native.RLIMIT_NOFILE, "nofile", openFiles, openFiles));
    }
    var fileSize = limits.fileSizeBytes();
    if (fileSize != null) {
      all.add(new Rlimit(Native.RLIMIT_FSIZE, "fsize", fileSize, fileSize));
    }
    return all;
  }
}
