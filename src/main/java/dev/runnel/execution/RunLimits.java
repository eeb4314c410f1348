package dev.runnel.execution;

import dev.runnel.config.LimitOptions;
import dev.runnel.script.Limits;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the processes of one run may use; null means no limit of ours. No core files are written in
 * any case.
 *
 * @param cpu processor time of the whole tree, counted by {@link LimitWatch}; from a second on the
 *     kernel holds each process to it too: SIGXCPU at the limit, SIGKILL a second later
 * @param memoryBytes memory of the whole tree, by a cgroup or counted by {@link LimitWatch}
 * @param processes processes and threads of the whole tree at a time, counted likewise
 * @param openFiles open descriptors of one process
 * @param fileSizeBytes size of one written file
 */
record RunLimits(
    @Nullable Duration cpu,
    @Nullable Long memoryBytes,
    @Nullable Long processes,
    @Nullable Long openFiles,
    @Nullable Long fileSizeBytes) {

  static final RunLimits NONE = new RunLimits(null, null, null, null, null);

  /**
   * What a definition asks for, else the service's default, and never more than its maximum: that
   * may have been lowered since the definition was accepted.
   */
  static RunLimits of(Limits asked, LimitOptions options) {
    var cpuMillis =
        lowest(
            asked.cpuSeconds() == null ? null : saturated(asked.cpuSeconds()),
            options.cpu().toMillis(),
            options.cpuMax().toMillis());
    return new RunLimits(
        cpuMillis == null ? null : Duration.ofMillis(cpuMillis),
        lowest(asked.memoryBytes(), options.memory(), options.memoryMax()),
        lowest(asked.processes(), options.processes(), options.processesMax()),
        lowest(asked.openFiles(), options.openFiles(), options.openFilesMax()),
        lowest(asked.fileSizeBytes(), options.fileSize(), options.fileSizeMax()));
  }

  private static long saturated(long seconds) {
    return seconds > Long.MAX_VALUE / 1000 ? Long.MAX_VALUE : seconds * 1000;
  }

  private static @Nullable Long lowest(@Nullable Long asked, long otherwise, long max) {
    long wanted = asked != null ? asked : otherwise == 0 ? Long.MAX_VALUE : otherwise;
    long limit = max == 0 ? wanted : Math.min(wanted, max);
    return limit == Long.MAX_VALUE ? null : limit;
  }

  /** The same without those that the kernel counts in a cgroup. */
  RunLimits without(boolean memory, boolean tasks) {
    return new RunLimits(
        cpu, memory ? null : memoryBytes, tasks ? null : processes, openFiles, fileSizeBytes);
  }

  /** What the kernel holds a process to that outlives the run it was started for. */
  RunLimits ofOneProcess() {
    return new RunLimits(null, null, processes, openFiles, fileSizeBytes);
  }

  /** Whether any of them has to be counted while the run goes on. */
  boolean needCounting() {
    return cpu != null || memoryBytes != null || processes != null;
  }
}
