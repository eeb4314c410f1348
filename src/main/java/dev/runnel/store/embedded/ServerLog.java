package dev.runnel.store.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What PostgreSQL says: in a file of at most 1 MiB with one predecessor, its end in memory. */
final class ServerLog {
  private static final Logger log = LoggerFactory.getLogger(ServerLog.class);
  private static final int FILE_BYTES = 1 << 20;
  private static final int TAIL_CHARS = 2_000;

  private final Path file;
  private boolean isBroken;

  ServerLog(Path file) {
    this.file = file;
  }

  /** Starts to read a process's output, until it ends. */
  Drain drain(InputStream output) {
    var drain = new Drain(output);
    drain.thread.start();
    return drain;
  }

  private synchronized void append(byte[] bytes) {
    try {
      if (Files.exists(file) && Files.size(file) + bytes.length > FILE_BYTES) {
        Files.move(file, Path.of(file + ".1"), StandardCopyOption.REPLACE_EXISTING);
      }
      if (!Files.exists(file)) {
        var onlyOwner = PosixFilePermissions.fromString("rw-------");
        Files.createFile(file, PosixFilePermissions.asFileAttribute(onlyOwner));
      }
      Files.write(file, bytes, StandardOpenOption.APPEND);
      isBroken = false;
    } catch (IOException e) {
      // A full disk must not stop the reading: PostgreSQL would wait for us. Said once.
      if (!isBroken) {
        log.warn("cannot write {}", file, e);
      }
      isBroken = true;
    }
  }

  /** One process's output on its way to the file. */
  final class Drain {
    private final InputStream output;
    private volatile String tail = "";

    /** A platform thread: reading a pipe would hold a carrier. */
    private final Thread thread =
        Thread.ofPlatform().daemon().name("postgres-log").unstarted(this::run);

    private Drain(InputStream output) {
      this.output = output;
    }

    /** The last lines, for a message. */
    String tail() {
      return tail.strip();
    }

    /** Waits a moment for what a process that has ended left in the pipe. */
    String lastTail() {
      try {
        thread.join(Duration.ofMillis(300));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return tail();
    }

    private void run() {
      var buffer = new byte[8192];
      try (output) {
        for (var n = output.read(buffer); n >= 0; n = output.read(buffer)) {
          var bytes = Arrays.copyOf(buffer, n);
          append(bytes);
          var longer = tail + new String(bytes, StandardCharsets.UTF_8);
          tail = longer.substring(Math.max(0, longer.length() - TAIL_CHARS));
        }
      } catch (IOException e) {
        log.debug("PostgreSQL's output ended", e);
      }
    }
  }
}
