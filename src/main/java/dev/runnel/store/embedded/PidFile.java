package dev.runnel.store.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a postmaster says about itself in {@code postmaster.pid}.
 *
 * @param pid its process
 * @param port its TCP port; 0 while not yet written
 * @param isReady whether it takes connections
 */
record PidFile(long pid, int port, boolean isReady) {
  private static final int PORT = 3;
  private static final int STATUS = 7;

  static Path in(Path data) {
    return data.resolve("postmaster.pid");
  }

  /** Empty when there is no such file or it is just being written. */
  static Optional<PidFile> read(Path data) throws IOException {
    String text;
    try {
      text = Files.readString(in(data));
    } catch (NoSuchFileException none) {
      return Optional.empty();
    }
    var lines = text.lines().map(String::strip).toList();
    if (lines.isEmpty() || !lines.getFirst().matches("-?\\d{1,10}")) {
      return Optional.empty();
    }
    // A stand-alone backend writes its pid negated.
    var pid = Math.abs(Long.parseLong(lines.getFirst()));
    var port = lines.size() > PORT && lines.get(PORT).matches("\\d{1,5}") ? lines.get(PORT) : "0";
    var isReady = lines.size() > STATUS && lines.get(STATUS).equals("ready");
    return Optional.of(new PidFile(pid, Integer.parseInt(port), isReady));
  }
}
