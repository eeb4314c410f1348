package dev.runnel.execution;

import java.io.File;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The python environment of {@code EXECUTE_PATH}, which may be there or not.
 *
 * @param directory {@code EXECUTE_PATH/.venv}
 */
public record Venv(Path directory) {

  /** The one that a run finds. */
  public static Venv of(Interpreter.Workplace workplace) {
    return new Venv(workplace.executePath().resolve(".venv"));
  }

  /** Its interpreter, if it is there. */
  public Path python() {
    return bin().resolve("python");
  }

  /** What it puts first on the path. */
  public Path bin() {
    return directory.resolve("bin");
  }

  /**
   * What activating it sets; an empty value removes a variable.
   *
   * @param path as it is without; null when there is none
   */
  public Map<String, String> activation(@Nullable String path) {
    var set = new HashMap<String, String>();
    set.put("VIRTUAL_ENV", directory.toString());
    set.put("PATH", inFront(bin(), path));
    set.put("PYTHONHOME", "");
    return set;
  }

  /** A path that is searched in this directory first. */
  public static String inFront(Path directory, @Nullable String path) {
    return path == null || path.isEmpty()
        ? directory.toString()
        : directory + File.pathSeparator + path;
  }
}
