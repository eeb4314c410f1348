package dev.runnel.store.embedded;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The few programs of the system that the database's processes are started and ended with. */
final class Tool {
  /** All that our children see of an environment: nothing of the service's own. */
  static final Map<String, String> ENVIRONMENT =
      Map.of("PATH", "/usr/local/bin:/usr/bin:/bin", "LC_ALL", "C");

  private Tool() {}

  /** The full path of a program, or a {@link DatabaseUnusable} that says what to install. */
  static String path(String name) {
    var folders = new ArrayList<String>();
    var own = System.getenv("PATH");
    folders.addAll(own == null ? List.of() : Arrays.asList(own.split(":", -1)));
    folders.addAll(List.of("/usr/bin", "/bin", "/usr/sbin", "/sbin"));
    return folders.stream()
        .filter(folder -> folder.startsWith("/"))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst()
        .map(Path::toString)
        .orElseThrow(() ->
            new DatabaseUnusable(
                "The embedded database needs the program `"
                    + name
                    + "`, which is not on the PATH. Install it (package util-linux or"
                    + " coreutils), or set RUNNEL_DATABASE_URL to a server of your own."));
  }

  /** Runs a command to its end: whether it ended with 0 within ten seconds. */
  static boolean succeeds(List<String> command) throws IOException {
    var process =
        builder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (endsWithin(process, 10_000)) {
      return process.exitValue() == 0;
    }
    process.destroyForcibly();
    return false;
  }

  /** Sends a signal; whether there was such a process and we may signal it. */
  static boolean signal(long pid, String signal) throws IOException {
    // Java itself can only send TERM and KILL.
    return succeeds(List.of(path("sh"), "-c", "kill -" + signal + " " + pid));
  }

  /** A process with the bare environment and an empty stdin. */
  static ProcessBuilder builder(List<String> command) {
    var builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(ENVIRONMENT);
    return builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
  }

  /** Whether the process has ended after at most this long; an interrupt counts as not. */
  static boolean endsWithin(Process process, long millis) {
    try {
      return process.waitFor(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return !process.isAlive();
    }
  }
}
