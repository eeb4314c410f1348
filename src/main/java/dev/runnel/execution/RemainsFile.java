package dev.runnel.execution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** The note in a run directory that leads to the run's processes after the service was killed. */
final class RemainsFile {
  private static final String NAME = "process";
  private static final Pattern RUN_ID =
      Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  private RemainsFile() {}

  /** Where it lies. */
  static Path in(Path runDirectory) {
    return runDirectory.resolve(NAME);
  }

  static void write(Path runDirectory, ProcessId leader, String bootId) throws IOException {
    Files.writeString(in(runDirectory), leader.pid() + " " + leader.startTime() + " " + bootId);
  }

  /** What is noted there; empty where it is no run's directory. */
  static Optional<Remains> read(Path runDirectory) {
    var runId = runDirectory.getFileName().toString();
    if (!RUN_ID.matcher(runId).matches()) {
      return Optional.empty();
    }
    try {
      var words = Files.readString(runDirectory.resolve(NAME)).split(" ", -1);
      return Optional.of(
          new Remains(
              runId, new ProcessId(Long.parseLong(words[0]), Long.parseLong(words[1])), words[2]));
    } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException unreadable) {
      // Killed between the start and the note.
      return Optional.of(Remains.markedOnly(runId));
    }
  }
}
