package dev.runnel.execution;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** The program {@code wasmedge}, where there is one: an uploaded one comes first. */
public final class WasmEdge {
  /** The program's name. */
  public static final String NAME = "wasmedge";

  private static final Pattern COLON = Pattern.compile(":");

  private WasmEdge() {}

  /** The PATH of a module's run. */
  public static String searchPath(Path executePath, String path) {
    return path.isEmpty() ? executePath.toString() : executePath + ":" + path;
  }

  /** Where it is; reads a few directories, so not for event loops. */
  public static Optional<Path> find(Path executePath, String path) {
    return Arrays.stream(COLON.split(searchPath(executePath, path)))
        .filter(entry -> !entry.isEmpty())
        .flatMap(entry -> in(executePath, entry).stream())
        .findFirst();
  }

  private static Optional<Path> in(Path executePath, String entry) {
    try {
      return Optional.of(executePath.resolve(entry).resolve(NAME))
          .filter(Files::isRegularFile)
          .filter(Files::isExecutable);
    } catch (InvalidPathException notADirectory) {
      return Optional.empty();
    }
  }
}
