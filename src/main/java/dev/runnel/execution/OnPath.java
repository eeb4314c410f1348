package dev.runnel.execution;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** Programs the service itself needs, on the service's own PATH. */
final class OnPath {
  private static final Pattern COLON = Pattern.compile(":");

  private OnPath() {}

  static Optional<String> find(String program) {
    var path = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin:/bin");
    return Arrays.stream(COLON.split(path))
        .filter(entry -> !entry.isEmpty())
        .map(entry -> Path.of(entry, program))
        .filter(Files::isExecutable)
        .findFirst()
        .map(Path::toString);
  }
}
