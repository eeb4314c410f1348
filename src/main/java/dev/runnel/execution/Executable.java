package dev.runnel.execution;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
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
    if (name.contains("/")) {
      forbidden = isFile(directory, name);
      if (isProgram(directory, name)) {
        return name;
      }
    } else if (!name.isEmpty()) {
      for (var entry : COLON.split(searchPath, -1)) {
        var candidate = (entry.isEmpty() ? "." : entry) + "/" + name;
        if (isProgram(directory, candidate)) {
          return candidate;
        }
        forbidden |= isFile(directory, candidate);
      }
    }
    throw forbidden
        ? new StartFailed(
            StartFailed.Obstacle.EXECUTABLE_NOT_RUNNABLE, "No permission to run " + name)
        : new StartFailed(
            StartFailed.Obstacle.EXECUTABLE_NOT_FOUND, name + " executable not found");
  }

  private static boolean isProgram(Path directory, String file) {
    return isFile(directory, file) && Files.isExecutable(directory.resolve(file));
  }

  private static boolean isFile(Path directory, String file) {
    try {
      return Files.isRegularFile(directory.resolve(file));
    } catch (InvalidPathException notAName) {
      return false;
    }
  }
}
