package dev.runnel.execution;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The files that interpreters read: one directory for each version of a script, written once and
 * never changed.
 */
final class ScriptFiles {
  private final Path files;
  private final FileOwner owner;
  private final AtomicLong temporary = new AtomicLong();

  ScriptFiles(Path files, FileOwner owner) {
    this.files = files;
    this.owner = owner;
  }

  /** The file of this version; its base name is the script's name. Written on first use. */
  Path ofVersion(UUID script, long version, String sha256, String name, String text)
      throws IOException {
    // The hash is in the path: a restored database may bring an old number with another text.
    var directory =
        files.resolve(script.toString()).resolve(version + "-" + sha256.substring(0, 16));
    var file = directory.resolve(name);
    if (!Files.exists(file)) {
      NodeHome.privateDirectory(files.resolve(script.toString()), "rwx--x--x");
      NodeHome.privateDirectory(directory, "rwx--x--x");
      owner.mayEnter(directory);
      write(file, text);
      owner.mayRead(file);
    }
    return file;
  }

  /** A file of a text that is not stored. */
  Path inRunDirectory(Path runDirectory, String name, String text) throws IOException {
    var file = runDirectory.resolve(name);
    Files.writeString(file, text);
    owner.owns(file);
    return file;
  }

  /** Written beside, flushed to the disk, then renamed: nobody ever sees half of it. */
  private void write(Path file, String text) throws IOException {
    var fresh =
        file.resolveSibling(
            "." + ProcessHandle.current().pid() + "-" + temporary.incrementAndGet());
    try (var channel =
        FileChannel.open(fresh, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
