package dev.runnel.execution;

import dev.runnel.run.Reason;
import java.time.Duration;

/**
 * A limit that a run went over.
 *
 * @param reason which one
 * @param message the limit and what was seen, for people
 */
record Breach(Reason reason, String message) {

  static Breach ofMemory(long limit, long seen, int processes) {
    return new Breach(
        Reason.OUT_OF_MEMORY,
        "Memory limit of %s exceeded: %s in %d %s"
            .formatted(
                mebibytes(limit),
                mebibytes(seen),
                processes,
                processes == 1 ? "process" : "processes"));
  }

  /** The kernel counted and killed. */
  static Breach ofMemory(long limit) {
    return new Breach(
        Reason.OUT_OF_MEMORY,
        "Memory limit of %s exceeded: the kernel ended the run".formatted(mebibytes(limit)));
  }

  static Breach ofProcesses(long limit, long seen) {
    return new Breach(
        Reason.PROCESS_LIMIT,
        "Process limit of %d exceeded: %d processes and threads".formatted(limit, seen));
  }

  /** The kernel counted and refused more. */
  static Breach ofProcesses(long limit) {
    return new Breach(
        Reason.PROCESS_LIMIT,
        "Process limit of %d exceeded: the kernel refused more".formatted(limit));
  }

  static Breach ofCpu(Duration limit, Duration seen) {
    return new Breach(
        Reason.CPU_LIMIT,
        "CPU limit of %s reached: %s used".formatted(seconds(limit), seconds(seen)));
  }

  private static String mebibytes(long bytes) {
    return (bytes >> 20) + " MiB";
  }

  private static String seconds(Duration time) {
    long tenths = time.toMillis() / 100;
    return tenths % 10 == 0 ? tenths / 10 + " s" : tenths / 10 + "." + tenths % 10 + " s";
  }
}
