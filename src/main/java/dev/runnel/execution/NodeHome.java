package dev.runnel.execution;

import com.github.f4b6a3.uuid.UuidCreator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's own directory: its id, its lock, its run directories and script files. Whoever holds the
 * lock is the node; its former life has ended.
 */
public final class NodeHome implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NodeHome.class);

  /** What the record of a run says that ended with the service. */
  static final String INTERRUPTED = "Interrupted by server restart";

  private static final String RUNS = "runs";
  private static final String LEDGER = "active";
  private static final String COMMAND = "command-";

  private final Path directory;
  private final UUID id;
  private final FileChannel lockFile;
  private final FileLock lock;
  private final boolean temporary;
  private final RunLedger ledger;

  private NodeHome(
      Path directory,
      UUID id,
      FileChannel lockFile,
      FileLock lock,
      boolean temporary,
      RunLedger ledger) {
    this.directory = directory;
    this.id = id;
    this.ledger = ledger;
    this.lockFile = lockFile;
    this.lock = lock;
    this.temporary = temporary;
  }

  /**
   * Opens the home of the service in its data dir; makes what is missing.
   *
   * @throws IllegalStateException when another service holds it, or it cannot be made
   */
  public static NodeHome open(Path dataDir) {
    return open(dataDir.toAbsolutePath().normalize(), false);
  }

  /** A home beside the service's, for one command; goes when it is closed. */
  public static NodeHome temporary(Path dataDir) {
    var name = COMMAND + ProcessHandle.current().pid();
    return open(dataDir.toAbsolutePath().normalize().resolve(name), true);
  }

  /** Opens the homes in this one that killed commands have left; closing removes them. */
  List<NodeHome> ofDeadCommands() {
    var found = new ArrayList<NodeHome>();
    try (var homes = Files.newDirectoryStream(directory, COMMAND + "*")) {
      for (var home : homes) {
        var pid = Long.parseLong(home.getFileName().toString().substring(COMMAND.length()));
        // A command that is just starting may not have its lock yet.
        if (ProcessHandle.of(pid).isEmpty()) {
          found.add(open(home, true));
        }
      }
    } catch (IOException | NumberFormatException | IllegalStateException unreadable) {
      LOG.warn("What killed commands left in {} stays: {}", directory, unreadable.toString());
    }
    return found;
  }

  private static NodeHome open(Path directory, boolean temporary) {
    try {
      privateDirectory(directory, "rwx--x--x");
      var lockFile =
          FileChannel.open(
              directory.resolve("node.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      var lock = tryLock(lockFile);
      if (lock == null) {
        lockFile.close();
        throw new IllegalStateException(
            "Another Runnel uses the data dir "
                + directory
                + "; stop it, or give this one its own RUNNEL_DATA_DIR");
      }
      for (var child : List.of(RUNS, "files", "lib")) {
        privateDirectory(directory.resolve(child), "rwx--x--x");
      }
      return new NodeHome(
          directory,
          nodeId(directory),
          lockFile,
          lock,
          temporary,
          RunLedger.open(directory.resolve(LEDGER)));
    } catch (IOException failure) {
      throw new IllegalStateException(
          "The data dir " + directory + " cannot be used: " + failure.getMessage(), failure);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
    try {
      return file.tryLock();
    } catch (OverlappingFileLockException held) {
      return null;
    }
  }

  private static UUID nodeId(Path directory) throws IOException {
    var file = directory.resolve("node.id");
    if (!Files.exists(file)) {
      var fresh = directory.resolve("node.id.new");
      Files.writeString(fresh, UuidCreator.getTimeOrderedEpoch().toString());
      Files.move(fresh, file);
    }
    return UUID.fromString(Files.readString(file).strip());
  }

  static void privateDirectory(Path directory, String mode) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory);
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(mode));
    }
  }

  /** The node's id, the same in every life. */
  public UUID id() {
    return id;
  }

  /** Whether it goes when it is closed. */
  boolean isTemporary() {
    return temporary;
  }

  /** Where it is. */
  public Path directory() {
    return directory;
  }

  Path runs() {
    return directory.resolve(RUNS);
  }

  Path files() {
    return directory.resolve("files");
  }

  Path library() {
    return directory.resolve("lib");
  }

  /** Where active runs are written down. */
  RunLedger ledger() {
    return ledger;
  }

  /**
   * Runs that a life of that node did not see the end of.
   *
   * @param home of any node; one that is not there, or not ours to read, tells nothing
   */
  static List<Remains> leftBehind(Path home) {
    return RunLedger.read(home.resolve(LEDGER));
  }

  /** Forgets the runs of a former life and removes their directories. */
  void clearRuns() {
    try (var directories = Files.newDirectoryStream(runs())) {
      for (var runDirectory : directories) {
        deleteTree(runDirectory);
      }
      ledger.clear();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Removes what a former life kept for its children. */
  void clearLibrary() throws IOException {
    try (var files = Files.newDirectoryStream(library())) {
      for (var file : files) {
        deleteTree(file);
      }
    }
  }

  /** Removes a directory and everything in it; follows no links. */
  static void deleteTree(Path directory) throws IOException {
    if (!Files.exists(directory, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (var paths = Files.walk(directory)) {
      for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (UncheckedIOException failure) {
      throw failure.getCause();
    }
  }

  /** This host's name, for records. */
  static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException unknown) {
      return "localhost";
    }
  }

  /** Tells this boot of the host from any other. */
  static String bootId() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
    } catch (IOException unreadable) {
      return "";
    }
  }

  @Override
  public void close() {
    try {
      ledger.close();
      if (temporary) {
        deleteTree(directory);
      }
      lock.release();
      lockFile.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
