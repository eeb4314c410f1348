package dev.runnel.script;

import org.jspecify.annotations.Nullable;

/**
 * What one run may use; null means the service's default.
 *
 * @param cpuSeconds processor time of all processes together, in seconds
 * @param memoryBytes resident memory of the whole process tree, in bytes
 * @param processes processes and threads of the whole tree at a time
 * @param openFiles open descriptors of one process
 * @param fileSizeBytes size of one written file, in bytes
 */
public record Limits(
    @Nullable Long cpuSeconds,
    @Nullable Long memoryBytes,
    @Nullable Long processes,
    @Nullable Long openFiles,
    @Nullable Long fileSizeBytes) {

  /** Nothing but the service's defaults. */
  public static final Limits DEFAULT = new Limits(null, null, null, null, null);
}
