package dev.runnel.execution.bash;

import java.nio.charset.Charset;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The files that a login reads, from the trace that {@code login_files.bash} prints. */
final class TracedFiles {
  /** How file names are written here; the names of files are bytes. */
  private static final Charset NAMES = Charset.forName(System.getProperty("sun.jnu.encoding"));

  private static final Pattern STANDS_IN = Pattern.compile("\\x1d([^\\x1d\\n]+)\\x1d");
  private static final Pattern SOURCES =
      Pattern.compile("(?m)(?:^|[^\\w./-])(?:\\.|source) ('(?:[^']|'\\\\'')*'|[^\\s;'\"]+)");
  private static final Pattern FUNCTION_IN = Pattern.compile("(?m)^\\S+ \\d+ (.+)$");

  private final Path workingDirectory;
  private final Path home;
  private final Path tracer;
  private final Set<Path> found = new LinkedHashSet<>();

  private TracedFiles(Path workingDirectory, Path home, Path tracer) {
    this.workingDirectory = workingDirectory;
    this.home = home;
    this.tracer = tracer;
  }

  /**
   * Files and the directories they lie in, there or not.
   *
   * @param tracer the script that printed the trace
   */
  static Collection<Path> in(byte[] trace, Path workingDirectory, Path home, Path tracer) {
    var files = new TracedFiles(workingDirectory, home, tracer);
    files.add("/etc/profile.d");
    var text = new String(trace, NAMES);
    var functions = text.lastIndexOf("\n\034\n");
    var commands = functions < 0 ? text : text.substring(0, functions);
    STANDS_IN.matcher(commands).results().forEach(match -> files.file(match.group(1)));
    SOURCES.matcher(commands).results().forEach(match -> files.file(unquoted(match.group(1))));
    FUNCTION_IN
        .matcher(functions < 0 ? "" : text.substring(functions + 2))
        .results()
        .forEach(match -> files.file(match.group(1)));
    return files.found;
  }

  private static String unquoted(String word) {
    return word.startsWith("'") ? word.substring(1, word.length() - 1).replace("'\\''", "'") : word;
  }

  /** A new neighbour may be read too; but in a home or in /etc something is new all the time. */
  private void file(String name) {
    var file = add(name);
    var directory = file == null ? null : file.normalize().getParent();
    if (directory != null
        && !directory.equals(home)
        && !directory.equals(workingDirectory)
        && directory.getNameCount() > 1) {
      found.add(directory);
    }
  }

  private @Nullable Path add(String name) {
    try {
      var file = workingDirectory.resolve(name);
      if (file.equals(tracer)) {
        return null;
      }
      found.add(file);
      return file;
    } catch (InvalidPathException notAName) {
      return null;
    }
  }
}
