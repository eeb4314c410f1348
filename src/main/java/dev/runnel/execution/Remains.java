package dev.runnel.execution;

/**
 * What was written down about a run's leading process, enough to find what is left of the run after
 * the service was killed.
 *
 * @param runId a UUID: the value of {@value Launch#RUN_ID} in the environment of its processes
 * @param leader its leading process, whose pid is the number of its session
 * @param bootId {@link Proc#bootId} when it was started; after a reboot nothing can be left
 */
record Remains(String runId, ProcessId leader, String bootId) {

  /** Only the mark in their environment leads to the run's processes. */
  static Remains markedOnly(String runId) {
    return new Remains(runId, new ProcessId(0, 0), "");
  }
}
