package dev.runnel.files;

import dev.runnel.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;

/**
 * Where below {@code EXECUTE_PATH} a file goes: lexically clean, relative, never upwards.
 *
 * @param names at least one; the last is the file's
 */
public record UploadPath(List<String> names) {
  private static final int MAX_NAME_BYTES = 255;

  /** What Linux takes as one path, less room for {@code EXECUTE_PATH}. */
  private static final int MAX_BYTES = 3_072;

  private static final int MAX_NAMES = 64;

  /**
   * Fails with {@code Invalid}: nothing left, absolute, upwards, or no name that a file may have.
   */
  public static UploadPath of(String given) {
    var text = given.strip();
    if (text.startsWith("/") || text.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
      throw invalid();
    }
    var names = new ArrayDeque<String>();
    for (var name : text.split("/", -1)) {
      if (name.equals("..")) {
        if (names.pollLast() == null) {
          throw invalid();
        }
      } else if (!name.isEmpty() && !name.equals(".")) {
        names.add(checked(name));
      }
    }
    if (names.isEmpty() || names.size() > MAX_NAMES) {
      throw invalid();
    }
    return new UploadPath(List.copyOf(names));
  }

  /** What stands behind the last slash. */
  public static String baseName(String path) {
    var trimmed = path.strip();
    return trimmed.substring(trimmed.lastIndexOf('/') + 1);
  }

  static Problem.Invalid invalid() {
    return new Problem.Invalid("path", "Invalid path.");
  }

  private static String checked(String name) {
    if (name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES
        || name.chars().anyMatch(c -> Character.isISOControl(c) || c == '\uFFFD')) {
      throw invalid();
    }
    try {
      // Under a locale without UTF-8 not every name can be one of a file.
      return Path.of(name).toString();
    } catch (InvalidPathException notHere) {
      throw invalid();
    }
  }

  String fileName() {
    return names.getLast();
  }

  List<String> parents() {
    return names.subList(0, names.size() - 1);
  }

  @Override
  public String toString() {
    return String.join("/", names);
  }
}
