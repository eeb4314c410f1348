package dev.runnel.store.embedded;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** Whoever holds it owns the data folder; the kernel lets go of it when that process ends. */
final class DataDirLock implements AutoCloseable {
  /**
   * What this JVM holds. Must be asked before the file is opened: closing any other descriptor of
   * the file would drop the POSIX lock of the whole process.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path name;
  private final FileChannel channel;
  private final AtomicBoolean isReleased = new AtomicBoolean();

  private DataDirLock(Path name, FileChannel channel) {
    this.name = name;
    this.channel = channel;
  }

  /** The lock on this file, or empty while another holds it. */
  static Optional<DataDirLock> take(Path file) throws IOException {
    var name = file.getParent().toRealPath().resolve(file.getFileName());
    if (!HELD.add(name)) {
      return Optional.empty();
    }
    var taken = false;
    try {
      var onlyOwner =
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
      var channel = FileChannel.open(name, Set.of(CREATE, READ, WRITE), onlyOwner);
      try {
        taken = channel.tryLock() != null;
        if (taken) {
          var pid = ProcessHandle.current().pid() + "\n";
          channel.truncate(0).write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)));
        }
      } finally {
        if (!taken) {
          channel.close();
        }
      }
      return taken ? Optional.of(new DataDirLock(name, channel)) : Optional.empty();
    } finally {
      if (!taken) {
        HELD.remove(name);
      }
    }
  }

  /** The process that last took the lock, as text for a message. */
  static String holder(Path file) throws IOException {
    // This JVM's own lock would be dropped by reading the file (see HELD).
    var ours = HELD.contains(file.getParent().toRealPath().resolve(file.getFileName()));
    return ours ? "this process" : "process " + Files.readString(file).strip();
  }

  @Override
  public void close() throws IOException {
    if (isReleased.compareAndSet(false, true)) {
      // Closed before the name is free, or the next holder in this JVM would lose its lock to us.
      channel.close();
      HELD.remove(name);
    }
  }
}
