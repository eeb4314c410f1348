package dev.runnel.store.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an earlier life of the service may have left running on a data directory. */
final class LeftOver {
  private static final Logger log = LoggerFactory.getLogger(LeftOver.class);
  private static final Path PROC = Path.of("/proc");

  private LeftOver() {}

  /**
   * Ends every PostgreSQL process of this data directory and removes its pid file. Only for the
   * holder of the lock.
   */
  static void end(Path data) throws IOException {
    var noted = PidFile.read(data);
    if (noted.isPresent() && isOf(noted.get().pid(), data)) {
      var pid = noted.get().pid();
      log.info("ending the PostgreSQL process {} that an earlier run left behind", pid);
      Ending.postmaster(pid, () -> isOf(pid, data));
    }
    for (var pid : all(data)) {
      Ending.atOnce(pid, () -> isOf(pid, data));
    }
    // What it names now is not ours, but would keep PostgreSQL from starting.
    Files.deleteIfExists(PidFile.in(data));
  }

  /**
   * Whether this process is a PostgreSQL server at work in this directory. A pid alone says
   * nothing, it may have been given to another process; a zombie has neither and is gone for us.
   */
  static boolean isOf(long pid, Path data) {
    var process = PROC.resolve(Long.toString(pid));
    try {
      var program = Files.readSymbolicLink(process.resolve("exe")).toString();
      // Replaced by an update: the kernel marks the name.
      return program.replaceFirst(" \\(deleted\\)$", "").endsWith("/postgres")
          && Files.isSameFile(process.resolve("cwd"), data);
    } catch (IOException goneOrNotOurs) {
      return false;
    }
  }

  /** Every PostgreSQL process at work in this directory. */
  static List<Long> all(Path data) throws IOException {
    var found = new ArrayList<Long>();
    try (var entries = Files.newDirectoryStream(PROC, "[1-9]*")) {
      for (var entry : entries) {
        var pid = Long.parseLong(entry.getFileName().toString());
        if (isOf(pid, data)) {
          found.add(pid);
        }
      }
    }
    return found;
  }
}
