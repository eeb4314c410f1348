package dev.runnel.execution;

import dev.runnel.config.Options;
import dev.runnel.execution.HostReport.Finding;
import dev.runnel.execution.HostReport.Level;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What a script can read of the service's secrets here: tried by a process such as a script is. */
public final class Reach {
  private static final long ANSWER_SECONDS = 10;

  /** One line for each argument. The kernel checks processes when their files are opened. */
  private static final String TRY =
      """
      for file; do
        if [ -d "$file" ]; then ls "$file" >/dev/null 2>&1; else (: <"$file") 2>/dev/null; fi
        echo $?
      done
      """;

  private Reach() {}

  /**
   * What can be read and what cannot; only of what is there. Takes a process, and blocks until that
   * has ended.
   */
  public static List<Finding> of(Options options) {
    var places = places(options.data().dir());
    List<String> answers;
    try {
      answers = tried(options.execution().runAs(), places.values());
    } catch (IOException | IllegalArgumentException failure) {
      return List.of(
          new Finding(
              Level.MISSING,
              "privacy",
              "what scripts can read is unknown: " + failure.getMessage()));
    }
    var readable = new ArrayList<String>();
    var hidden = new ArrayList<String>();
    var answer = answers.iterator();
    for (var name : places.keySet()) {
      (answer.hasNext() && !answer.next().equals("0") ? hidden : readable).add(name);
    }
    var findings = new ArrayList<Finding>();
    if (!readable.isEmpty()) {
      findings.add(
          new Finding(Level.NOTE, "privacy", "a script can read " + String.join(", ", readable)));
    }
    if (!hidden.isEmpty()) {
      findings.add(
          new Finding(Level.GOOD, "privacy", "a script cannot read " + String.join(", ", hidden)));
    }
    return findings;
  }

  private static SequencedMap<String, Path> places(Path data) {
    var process = Path.of("/proc", Long.toString(ProcessHandle.current().pid()));
    var places = new LinkedHashMap<String, Path>();
    places.put("the service's environment", process.resolve("environ"));
    places.put("its memory", process.resolve("mem"));
    places.put("the secret key", data.resolve("secret.key"));
    places.put("the embedded database's password", data.resolve("postgres/password"));
    places.put("the embedded database", data.resolve("postgres/data"));
    places.put("the list of running scripts", data.resolve("runs"));
    places.put("the options file", Path.of("conf/runnel.yaml").toAbsolutePath());
    places.values().removeIf(Files::notExists);
    return places;
  }

  private static List<String> tried(@Nullable String user, Iterable<Path> places)
      throws IOException {
    var command = new ArrayList<>(List.of("/bin/sh", "-c", TRY, "sh"));
    places.forEach(place -> command.add(place.toString()));
    var launch = new Launch(command, Map.of(), Path.of("/"), null, RunLimits.NONE);
    var builder =
        new ProcessBuilder(user == null ? command : RunAs.user(user).argv("/bin/sh", launch));
    builder.environment().keySet().retainAll(ChildEnvironment.ALWAYS);
    var process = builder.directory(Path.of("/").toFile()).redirectErrorStream(true).start();
    process.getOutputStream().close();
    var answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor(ANSWER_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0) {
        return answer.lines().toList();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    throw new IOException("a process such as a script is did not end well: " + answer.strip());
  }
}
