package dev.runnel.files;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Nameless beginnings in {@code EXECUTE_PATH} itself, so that they lie in its file system: whoever
 * owns that directory cannot enter them, and no path that leads to them has a part that a script
 * could replace.
 *
 * @param root {@code EXECUTE_PATH}
 * @param node tells this node's from those of others that share the directory
 * @param owner whose the files become; null: the service's own user's
 */
record Spool(Path root, String node, @Nullable UserPrincipal owner) {
  private static final Logger LOG = LoggerFactory.getLogger(Spool.class);
  private static final String PREFIX = ".upload-";
  private static final SecureRandom RANDOM = new SecureRandom();

  /** Whether a name directly below the root belongs to some node's spool. */
  static boolean owns(String name) {
    return name.startsWith(PREFIX);
  }

  /** Makes the root where it is missing, and opens it. */
  Folder openRoot() throws IOException {
    if (!Files.isDirectory(root)) {
      Files.createDirectories(root, mode("rwxr-xr-x"));
      if (owner != null) {
        Files.setOwner(root, owner);
      }
    }
    return Folder.open(root);
  }

  /** A fresh directory for the service alone; answers its name. */
  String makePrivate() throws IOException {
    var name = PREFIX + node + "-" + HexFormat.of().toHexDigits(RANDOM.nextLong());
    Files.createDirectory(root.resolve(name), mode("rwx------"));
    return name;
  }

  /** A directory for everybody in a folder below the root; nothing if there is one by now. */
  void makeShared(Folder rootFolder, Folder parent, String name) throws IOException {
    var fresh = makePrivate();
    try {
      rootFolder.share(fresh, owner);
      rootFolder.move(fresh, parent, name);
    } catch (IOException failure) {
      rootFolder.deleteDirectory(fresh);
      if (!parent.has(name)) {
        throw failure;
      }
    }
  }

  /** Opens a directory of {@link #makePrivate}; fails if it is not the service's any more. */
  Folder enterPrivate(Folder rootFolder, String name) throws IOException {
    var folder = rootFolder.enter(name);
    if (owner != null && folder.owner().equals(owner)) {
      folder.close();
      throw new FileAlreadyExistsException(name, null, "was replaced");
    }
    return folder;
  }

  /** Removes what a former life of this node has left. */
  void clear() {
    if (!Files.isDirectory(root)) {
      return;
    }
    try (var folder = Folder.open(root)) {
      for (var name : folder.names()) {
        if (name.startsWith(PREFIX + node + "-")) {
          remove(folder, name);
        }
      }
    } catch (IOException failure) {
      LOG.warn("Unfinished uploads in {} stay: {}", root, failure.toString());
    }
  }

  private static void remove(Folder folder, String name) throws IOException {
    try (var left = folder.enter(name)) {
      for (var file : left.names()) {
        left.deleteFile(file);
      }
    }
    folder.deleteDirectory(name);
  }

  private static FileAttribute<?> mode(String mode) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode));
  }
}
