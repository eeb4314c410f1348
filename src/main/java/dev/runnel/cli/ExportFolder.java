package dev.runnel.cli;

import dev.runnel.run.RunRequest;
import dev.runnel.script.Script;
import dev.runnel.script.ScriptVersion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * A folder of scripts being written. It is made beside its place and moved there when it is whole;
 * everything in it is its owner's alone.
 *
 * <pre>
 * DIR/.runnel-export       what the folder is
 * DIR/NAME/script.json     see {@link ExportedScript}
 * DIR/NAME/script.py       the text in use
 * DIR/NAME/versions/1.py   every text there was
 * </pre>
 */
final class ExportFolder implements AutoCloseable {
  /** No script's folder begins with a dot. */
  static final String MARK = ".runnel-export";

  static final String DEFINITION = "script.json";
  static final String TEXT = "script.";
  static final String VERSIONS = "versions";

  private static final FileAttribute<?> OWNERS_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<?> OWNERS_FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private static final String PLAIN =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-";

  /** In bytes; a file system takes 255. */
  private static final int LONGEST_NAME = 200;

  private final Path place;
  private final Path draft;

  private ExportFolder(Path place, Path draft) {
    this.place = place;
    this.draft = draft;
  }

  /**
   * Begins a folder.
   *
   * @param replace whether an older export there may go
   * @throws IllegalStateException when something else is there
   */
  static ExportFolder begin(Path dir, boolean replace) throws IOException {
    var place = dir.toAbsolutePath().normalize();
    check(place, replace);
    var parent = place.getParent();
    if (parent == null) {
      throw new IllegalStateException("/ cannot be an export; name a folder that is not there yet");
    }
    Files.createDirectories(parent);
    var draft = parent.resolve("." + place.getFileName() + "." + UUID.randomUUID());
    Files.createDirectory(draft, OWNERS_FOLDER);
    return new ExportFolder(place, draft);
  }

  private static void check(Path place, boolean replace) throws IOException {
    if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
      throw new IllegalStateException(place + " is not a folder; name one that is not there yet");
    }
    try (var files = Files.list(place)) {
      var names = files.toList();
      if (names.isEmpty()) {
        return;
      }
      if (!replace) {
        throw new IllegalStateException(
            place + " is not empty; name another folder, or replace an older export with --force");
      }
      var foreign =
          names.stream()
              .filter(file -> !file.endsWith(MARK))
              .filter(file -> !Files.isRegularFile(file.resolve(DEFINITION)))
              .findFirst();
      if (foreign.isPresent() || !Files.isRegularFile(place.resolve(MARK))) {
        throw new IllegalStateException(
            place
                + " holds "
                + foreign.map(file -> String.valueOf(file.getFileName())).orElse("something")
                + ", which is of no export; it is not replaced");
      }
    }
  }

  /** Adds a script; its versions end with the one in use. */
  void add(Script script, List<ScriptVersion> versions) throws IOException {
    var folder = Files.createDirectory(draft.resolve(folderName(script.name())), OWNERS_FOLDER);
    var history = Files.createDirectory(folder.resolve(VERSIONS), OWNERS_FOLDER);
    for (var version : versions) {
      write(
          history.resolve(version.version() + "." + ExportedScript.extension(version.language())),
          version.text());
    }
    write(folder.resolve(TEXT + ExportedScript.extension(script.language())), script.text());
    write(folder.resolve(DEFINITION), ExportedScript.of(script, versions).json());
    sync(history);
    sync(folder);
  }

  /**
   * Puts the folder into its place. Between the two moves that replace an older one a crash leaves
   * both beside their place.
   */
  void finish() throws IOException {
    write(draft.resolve(MARK), "Scripts of Runnel, format " + ExportedScript.FORMAT + "\n");
    sync(draft);
    if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
      var old = draft.resolveSibling(draft.getFileName() + ".old");
      Files.move(place, old, StandardCopyOption.ATOMIC_MOVE);
      Files.move(draft, place, StandardCopyOption.ATOMIC_MOVE);
      delete(old);
    } else {
      Files.move(draft, place, StandardCopyOption.ATOMIC_MOVE);
    }
    sync(place.getParent());
  }

  /** Removes what was not finished. */
  @Override
  public void close() throws IOException {
    if (Files.exists(draft)) {
      delete(draft);
    }
  }

  /**
   * A name that every file system and locale takes: what is not {@code A-Z a-z 0-9 _ - .}, and a
   * dot in front, is {@code %XX}, a long one is cut. No two names give the same.
   */
  static String folderName(String name) {
    var encoded = new StringBuilder();
    for (var one : name.getBytes(StandardCharsets.UTF_8)) {
      var plain = PLAIN.indexOf(one) >= 0 || (one == '.' && !encoded.isEmpty());
      encoded.append(plain ? String.valueOf((char) one) : "%%%02X".formatted(one & 0xff));
    }
    if (encoded.length() <= LONGEST_NAME) {
      return encoded.toString();
    }
    var hash = RunRequest.sha256(name).substring(0, 32);
    return encoded.substring(0, LONGEST_NAME - 33) + "~" + hash;
  }

  private static void write(Path file, String text) throws IOException {
    try (var channel =
        FileChannel.open(
            file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OWNERS_FILE)) {
      var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  private static void sync(Path folder) throws IOException {
    try (var entries = FileChannel.open(folder)) {
      entries.force(true);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (var paths = Files.walk(folder)) {
      for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
