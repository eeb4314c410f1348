package dev.runnel.execution;

import dev.runnel.script.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest text of every script as a file of its name, for imports and for reading. Runs never
 * depend on it. Used by one thread at a time.
 */
final class PublishedScripts {
  private static final Logger LOG = LoggerFactory.getLogger(PublishedScripts.class);

  private final Path directory;
  private final FileOwner owner;
  private final Map<String, Script> known = new HashMap<>();

  PublishedScripts(Path directory, FileOwner owner) {
    this.directory = directory;
    this.owner = owner;
  }

  /** False when a newer version is there already, or the file cannot be written. */
  boolean put(Script script) {
    var there = known.get(script.name());
    if (there != null
        && there.id().equals(script.id())
        && there.contentVersion() >= script.contentVersion()) {
      return there.contentVersion() == script.contentVersion();
    }
    try {
      if (!Files.isDirectory(directory)) {
        Files.createDirectories(directory);
        owner.owns(directory);
      }
      var file = directory.resolve(script.name());
      var fresh = directory.resolve("." + script.id());
      Files.writeString(fresh, script.text());
      owner.owns(fresh);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      known.put(script.name(), script);
      return true;
    } catch (IOException failure) {
      LOG.warn("{} could not be published in {}: {}", script.name(), directory, failure.toString());
      return false;
    }
  }

  /** Removes the file if it is this script's. */
  boolean remove(Script script) {
    var there = known.get(script.name());
    if (there == null || !there.id().equals(script.id())) {
      return false;
    }
    known.remove(script.name());
    try {
      return Files.deleteIfExists(directory.resolve(script.name()));
    } catch (IOException failure) {
      LOG.warn(
          "{} could not be withdrawn from {}: {}", script.name(), directory, failure.toString());
      return false;
    }
  }
}
