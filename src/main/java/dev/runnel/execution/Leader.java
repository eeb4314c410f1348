package dev.runnel.execution;

import org.jspecify.annotations.Nullable;

/**
 * The first process of a run and leader of its session.
 *
 * @param since clock ticks after boot when it began to work for the run; what is older is not the
 *     run's. Later than the start of a process that was started ahead of need
 * @param parent the thread of this JVM that started it; a process can make siblings of itself
 *     (CLONE_PARENT), which become that thread's children
 * @param runId what marks the run's processes in their environment; null when nothing does
 */
record Leader(ProcessId id, long since, long parent, @Nullable String runId) {

  /** The leader of a run for which it was started. */
  static Leader newborn(ProcessId id, @Nullable String runId) {
    return new Leader(id, id.startTime(), Proc.thisThread(), runId);
  }
}
