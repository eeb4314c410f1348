package dev.runnel.execution;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One process to start.
 *
 * @param argv the arguments; the first is looked up on the PATH of {@code environment}
 * @param environment the whole environment of the child, nothing is added; {@value #RUN_ID} in it
 *     says which run its processes belong to
 * @param workingDirectory where it starts
 * @param stdin what it can read; null for an empty standard input
 * @param limits what it may use
 */
record Launch(
    List<String> argv,
    Map<String, String> environment,
    Path workingDirectory,
    byte @Nullable [] stdin,
    RunLimits limits) {

  /** The variable that marks every process of a run. */
  static final String RUN_ID = "RUNNEL_RUN_ID";

  /** Refuses what no process can be given: no argument at all, NUL, a variable without a name. */
  Launch {
    argv = List.copyOf(argv);
    environment = Map.copyOf(environment);
    if (argv.isEmpty()) {
      throw new IllegalArgumentException("A process needs at least one argument: its executable.");
    }
    argv.forEach(Launch::refuseNul);
    environment.forEach((name, value) -> {
      refuseNul(name);
      refuseNul(value);
      if (name.isEmpty() || name.contains("=")) {
        throw new IllegalArgumentException("Not the name of a variable: '" + name + "'");
      }
    });
  }

  /** The run this process belongs to, null for a process that is part of none. */
  @Nullable String runId() {
    return environment.get(RUN_ID);
  }

  private static void refuseNul(String text) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("Arguments and environment must not contain NUL.");
    }
  }
}
