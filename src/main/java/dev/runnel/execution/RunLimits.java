package dev.runnel.execution;

import dev.runnel.script.Limits;
import org.jspecify.annotations.Nullable;

/**
 * What the processes of one run may use; null means no limit of ours. No core files are written in
 * any case.
 *
 * @param cpuSeconds processor time of one process: SIGXCPU at the limit, SIGKILL a second later
 * @param memoryBytes resident bytes of the whole tree; nothing in the kernel's rlimits counts them,
 *     so the launchers leave this one to whoever watches {@link ProcessTree#residentBytes}
 * @param processes processes of the run's user at a time; the kernel does not hold root to it
 * @param openFiles open descriptors of one process
 * @param fileSizeBytes size of one written file
 */
record RunLimits(
    @Nullable Long cpuSeconds,
    @Nullable Long memoryBytes,
    @Nullable Long processes,
    @Nullable Long openFiles,
    @Nullable Long fileSizeBytes) {

  static final RunLimits NONE = new RunLimits(null, null, null, null, null);

  /** What a definition asks for. */
  static RunLimits of(Limits limits) {
    return new RunLimits(
        limits.cpuSeconds(),
        limits.memoryBytes(),
        limits.processes(),
        limits.openFiles(),
        limits.fileSizeBytes());
  }
}
