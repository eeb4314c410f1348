package dev.runnel.execution;

import org.jspecify.annotations.Nullable;

/**
 * The first process of a run and leader of its session.
 *
 * @param runId what marks the run's processes in their environment; null when nothing does
 */
record Leader(ProcessId id, @Nullable String runId) {}
