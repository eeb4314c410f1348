package dev.runnel.secret;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file that keeps the key: one line of base64, so that it can be given to another node as it
 * is. Only its owner may read it.
 */
record KeyFile(Path path) {
  private static final Logger LOG = LoggerFactory.getLogger(KeyFile.class);
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  /** More than any key has; the file may be a wrong one of any size. */
  private static final int MOST = 1024;

  SecretKey loadOrMake() {
    try {
      if (Files.notExists(path)) {
        make();
      }
      return load();
    } catch (IOException failure) {
      throw new UnusableKey(
          "The secret key " + path + " cannot be read or made: " + failure, failure);
    }
  }

  /** The file holds this key afterwards; a crash at any point leaves the old one or this one. */
  void replace(SecretKey key) {
    try {
      if (Files.exists(path) && load().equals(key)) {
        return;
      }
      var draft = draft();
      try {
        write(draft, key);
        Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(draft);
      }
      sync();
    } catch (IOException failure) {
      throw new UnusableKey("The new secret key cannot be written to " + path, failure);
    }
  }

  private SecretKey load() throws IOException {
    keepPrivate();
    try (var in = Files.newInputStream(path)) {
      return SecretKey.of(new String(in.readNBytes(MOST), ISO_8859_1), path.toString());
    }
  }

  private void keepPrivate() throws IOException {
    var found = Files.getPosixFilePermissions(path);
    if (!OWNER_ONLY.containsAll(found)) {
      Files.setPosixFilePermissions(path, OWNER_ONLY);
      LOG.warn(
          "The secret key {} had the permissions {}, others could read or change it; now it has"
              + " rw-------. Who may have read it can sign tokens.",
          path,
          PosixFilePermissions.toString(found));
    }
  }

  /** A crash at any point leaves a whole key or none; of two that start at once, one wins. */
  private void make() throws IOException {
    Files.createDirectories(
        folder(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x")));
    var draft = draft();
    try {
      write(draft, SecretKey.random());
      publish(draft);
    } finally {
      Files.deleteIfExists(draft);
    }
    sync();
  }

  private Path folder() {
    return path.toAbsolutePath().getParent();
  }

  private Path draft() {
    return folder().resolve(path.getFileName() + "." + UUID.randomUUID());
  }

  private void sync() throws IOException {
    try (var entries = FileChannel.open(folder())) {
      entries.force(true);
    }
  }

  private static void write(Path draft, SecretKey key) throws IOException {
    var line = key.base64() + "\n";
    try (var channel =
        FileChannel.open(
            draft,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
      var bytes = ByteBuffer.wrap(line.getBytes(ISO_8859_1));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  /** A link is a rename that never replaces what another process has published meanwhile. */
  private void publish(Path draft) throws IOException {
    try {
      Files.createLink(path, draft);
    } catch (FileAlreadyExistsException other) {
      LOG.info("Another process has just made the secret key {}", path);
      return;
    } catch (FileSystemException | UnsupportedOperationException noLinksHere) {
      Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE);
    }
    LOG.info("A new secret key was made: {}", path);
  }
}
