package dev.runnel.execution;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** Launches for tests. */
final class Launches {
  static final String PATH = "/usr/local/bin:/usr/bin:/bin";

  private Launches() {}

  static Launch bash(String script) {
    return of("bash", "-c", script);
  }

  static Launch of(String... argv) {
    return new Launch(List.of(argv), Map.of("PATH", PATH), Path.of("/tmp"), null, RunLimits.NONE);
  }

  static Launch with(Launch launch, RunLimits limits) {
    return new Launch(
        launch.argv(), launch.environment(), launch.workingDirectory(), launch.stdin(), limits);
  }

  static Launch in(Launch launch, Path directory) {
    return new Launch(
        launch.argv(), launch.environment(), directory, launch.stdin(), launch.limits());
  }

  static Launch reading(Launch launch, byte[] stdin) {
    return new Launch(
        launch.argv(), launch.environment(), launch.workingDirectory(), stdin, launch.limits());
  }

  static Launch with(Launch launch, String name, String value) {
    var environment = new TreeMap<>(launch.environment());
    environment.put(name, value);
    return new Launch(
        launch.argv(), environment, launch.workingDirectory(), launch.stdin(), launch.limits());
  }

  /** Marked as a run of its own. */
  static Launch marked(Launch launch) {
    return with(launch, Launch.RUN_ID, UUID.randomUUID().toString());
  }
}
