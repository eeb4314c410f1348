package dev.runnel.execution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The note in a run directory that leads to the run's processes after the service was killed. */
final class RemainsFile {
  private static final String NAME = "process";

  private RemainsFile() {}

  /** Where it lies. */
  static Path in(Path runDirectory) {
    return runDirectory.resolve(NAME);
  }

  static void write(Path runDirectory, ProcessId leader, String bootId) throws IOException {
    Files.writeString(in(runDirectory), leader.pid() + " " + leader.startTime() + " " + bootId);
  }

  /** What is noted there; empty where no process was started or the note is torn. */
  static Optional<Remains> read(Path runDirectory) {
    try {
      var words = Files.readString(runDirectory.resolve(NAME)).split(" ", -1);
      return Optional.of(
          new Remains(
              runDirectory.getFileName().toString(),
              new ProcessId(Long.parseLong(words[0]), Long.parseLong(words[1])),
              words[2]));
    } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException unreadable) {
      // Killed between the start and the note: the marked environment still leads to it.
      return Optional.empty();
    }
  }
}
