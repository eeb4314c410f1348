package dev.runnel.store.embedded;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tukaani.xz.XZInputStream;

/** The PostgreSQL server that comes with the service, as an archive on the class path. */
final class ServerArchive {
  /** The archive's version: names the folder it is unpacked to. Equals the one in pom.xml. */
  static final String VERSION = "18.6.0";

  static final String MAJOR = VERSION.substring(0, VERSION.indexOf('.'));

  private static final Logger log = LoggerFactory.getLogger(ServerArchive.class);
  private static final int OWNER_MAY_EXECUTE = 0100;

  private ServerArchive() {}

  /** Unpacks the server unless it is there; complete or not at all. Removes older ones. */
  static void unpack(PostgresHome home) throws IOException {
    if (Files.isDirectory(home.server())) {
      return;
    }
    for (var old : matching(home.folder(), "server-*")) {
      delete(old);
    }
    log.info("unpacking PostgreSQL {} to {}", VERSION, home.server());
    var made = Files.createTempDirectory(home.folder(), "server-new-");
    try (var archive = open()) {
      unpack(archive, made);
    } catch (IOException e) {
      // Gives back the space that the disk may have run out of.
      delete(made);
      throw e;
    }
    // The name may not outlive a power cut that the contents did not.
    Tool.succeeds(List.of(Tool.path("sync"), "-f", made.toString()));
    Files.move(made, home.server(), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Deletes a folder with all that is in it. */
  static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  static List<Path> matching(Path folder, String pattern) throws IOException {
    try (var found = Files.newDirectoryStream(folder, pattern)) {
      return StreamSupport.stream(found.spliterator(), false).toList();
    }
  }

  private static TarArchiveInputStream open() throws IOException {
    var name =
        switch (System.getProperty("os.arch")) {
          case "amd64", "x86_64" -> "postgres-linux-x86_64.txz";
          case "aarch64", "arm64" -> "postgres-linux-arm_64.txz";
          default -> "";
        };
    var resource = ServerArchive.class.getResourceAsStream("/" + name);
    if (name.isEmpty() || resource == null) {
      throw new DatabaseUnusable(
          "This build has no PostgreSQL for "
              + System.getProperty("os.arch")
              + ". Set RUNNEL_DATABASE_URL to a server of your own.");
    }
    return new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(resource)));
  }

  private static void unpack(TarArchiveInputStream archive, Path to) throws IOException {
    for (var entry = archive.getNextEntry(); entry != null; entry = archive.getNextEntry()) {
      var path = to.resolve(entry.getName()).normalize();
      if (!path.startsWith(to)) {
        throw new IOException("the archive has a name outside of itself: " + entry.getName());
      }
      if (!path.equals(to)) {
        Files.createDirectories(path.getParent());
        write(entry, archive, path);
      }
    }
  }

  private static void write(TarArchiveEntry entry, InputStream content, Path path)
      throws IOException {
    if (entry.isDirectory()) {
      Files.createDirectories(path);
    } else if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
    } else {
      Files.copy(content, path);
    }
    if (!entry.isSymbolicLink()) {
      var isProgram = entry.isDirectory() || (entry.getMode() & OWNER_MAY_EXECUTE) != 0;
      Files.setPosixFilePermissions(
          path, PosixFilePermissions.fromString(isProgram ? "rwx------" : "rw-------"));
    }
  }
}
