package dev.runnel.execution;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** Finds the program a name stands for, as execvp(3) does. */
final class Executable {
  /** What the C library takes when there is no PATH. */
  private static final String DEFAULT_PATH = "/bin:/usr/bin";

  private static final Pattern COLON = Pattern.compile(":");

  private Executable() {}

  /**
   * The path to start: as it stands when it has a slash, else its place on the PATH of the child.
   * Relative ones are meant from the working directory.
   */
  static String find(Launch launch) throws StartFailed {
    var directory = launch.workingDirectory();
    if (!Files.isDirectory(directory)) {
      throw new StartFailed(
          StartFailed.Obstacle.WORKING_DIRECTORY_NOT_FOUND,
          "Working directory not found: " + directory);
    }
    var name = launch.argv().getFirst();
    var path = launch.environment().getOrDefault("PATH", DEFAULT_PATH);
    return find(name, path, directory);
  }

  private static String find(String name, String searchPath, Path directory) throws StartFailed {
    boolean forbidden = false;
    for (var candidate : candidates(name, searchPath)) {
      if (isFile(directory, candidate)) {
        if (Files.isExecutable(directory.resolve(candidate))) {
          return candidate;
        }
        forbidden = true;
      }
    }
    throw forbidden
        ? new StartFailed(
            StartFailed.Obstacle.EXECUTABLE_NOT_RUNNABLE, "No permission to run " + name)
        : new StartFailed(
            StartFailed.Obstacle.EXECUTABLE_NOT_FOUND, name + " executable not found");
  }

  private static List<String> candidates(String name, String searchPath) {
    if (name.isEmpty()) {
      return List.of();
    }
    return name.contains("/")
        ? List.of(name)
        : Arrays.stream(COLON.split(searchPath, -1))
            .map(entry -> (entry.isEmpty() ? "." : entry) + "/" + name)
            .toList();
  }

  private static boolean isFile(Path directory, String file) {
    try {
      return Files.isRegularFile(directory.resolve(file));
    } catch (InvalidPathException notAName) {
      return false;
    }
  }
}
