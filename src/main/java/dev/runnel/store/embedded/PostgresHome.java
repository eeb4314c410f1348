package dev.runnel.store.embedded;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;

/**
 * Where everything of the embedded database lies.
 *
 * @param dataDir the service's data folder; holds the lock file and the folder {@code postgres}
 */
record PostgresHome(Path dataDir) {
  static final String USER = "runnel";
  static final String DATABASE = "runnel";

  /** The folders under {@code dataDir}, made if missing: 0711 outside, 0700 inside. */
  static PostgresHome under(Path dataDir) {
    var home = new PostgresHome(dataDir.toAbsolutePath().normalize());
    try {
      if (!Files.isDirectory(home.dataDir)) {
        Files.createDirectories(home.dataDir);
        allow(home.dataDir, "rwx--x--x");
      }
      if (!Files.isDirectory(home.folder())) {
        Files.createDirectory(home.folder());
        allow(home.folder(), "rwx------");
      }
    } catch (IOException e) {
      throw new DatabaseUnusable("The data folder " + home.dataDir + " cannot be made", e);
    }
    return home;
  }

  /** All that the server itself reads and writes; owned by whoever it runs as. */
  Path folder() {
    return dataDir.resolve("postgres");
  }

  /** PostgreSQL's own data directory. */
  Path data() {
    return folder().resolve("data");
  }

  /** The unpacked server of the version in this jar. */
  Path server() {
    return folder().resolve("server-" + ServerArchive.VERSION);
  }

  Path program(String name) {
    return server().resolve("bin").resolve(name);
  }

  Path log() {
    return folder().resolve("postgres.log");
  }

  Path lock() {
    return dataDir.resolve("postgres.lock");
  }

  Path passwordFile() {
    return folder().resolve("password");
  }

  /** The superuser's password, made at the first call. */
  String password() throws IOException {
    var file = passwordFile();
    if (!Files.exists(file)) {
      var random = new byte[24];
      new SecureRandom().nextBytes(random);
      writeSecret(file, HexFormat.of().formatHex(random));
    }
    return Files.readString(file).strip();
  }

  DatabaseAddress address(int port) throws IOException {
    return new DatabaseAddress("127.0.0.1", port, DATABASE, USER, password());
  }

  /** Makes the names in a folder survive a power cut. */
  static void sync(Path folder) throws IOException {
    try (var channel = FileChannel.open(folder, READ)) {
      channel.force(true);
    }
  }

  private void writeSecret(Path file, String text) throws IOException {
    var made = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(made);
    var onlyOwner =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    try (var channel = FileChannel.open(made, Set.of(CREATE_NEW, WRITE), onlyOwner)) {
      var bytes = ByteBuffer.wrap((text + "\n").getBytes(StandardCharsets.US_ASCII));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
    sync(folder());
  }

  private static void allow(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }
}
