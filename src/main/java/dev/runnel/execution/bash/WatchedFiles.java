package dev.runnel.execution.bash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Files as they were at one moment: inode, size and time of change, or that they were missing. */
final class WatchedFiles {

  private record Stamp(@Nullable Object inode, long size, FileTime changed) {}

  private final Map<Path, Optional<Stamp>> stamps;

  private WatchedFiles(Map<Path, Optional<Stamp>> stamps) {
    this.stamps = stamps;
  }

  /** As they are now. */
  static WatchedFiles of(Collection<Path> paths) {
    var stamps = new LinkedHashMap<Path, Optional<Stamp>>();
    paths.forEach(path -> stamps.put(path, stamp(path)));
    return new WatchedFiles(stamps);
  }

  /** Blocks for some microseconds for each file. */
  boolean areUnchanged() {
    return stamps.entrySet().stream()
        .allMatch(file -> file.getValue().equals(stamp(file.getKey())));
  }

  Collection<Path> paths() {
    return stamps.keySet();
  }

  private static Optional<Stamp> stamp(Path path) {
    // An exception for each missing file would cost more than all the others.
    if (!path.toFile().exists()) {
      return Optional.empty();
    }
    try {
      var attributes = Files.readAttributes(path, BasicFileAttributes.class);
      return Optional.of(
          new Stamp(attributes.fileKey(), attributes.size(), attributes.lastModifiedTime()));
    } catch (IOException missing) {
      return Optional.empty();
    }
  }
}
