package dev.runnel.execution;

import org.jspecify.annotations.Nullable;

/**
 * The first process of a run and leader of its session.
 *
 * @param parent the thread of this JVM that started it; a process can make siblings of itself
 *     (CLONE_PARENT), which become that thread's children
 * @param runId what marks the run's processes in their environment; null when nothing does
 */
record Leader(ProcessId id, long parent, @Nullable String runId) {}
