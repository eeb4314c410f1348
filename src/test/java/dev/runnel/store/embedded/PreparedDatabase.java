package dev.runnel.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.execution.ProcessHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Data folders whose database need not be made: unpacking the server and {@code initdb} take longer
 * than most tests that need one.
 */
public final class PreparedDatabase {
  private PreparedDatabase() {}

  /** A database that was made and stopped, to be copied; made once, also for later test runs. */
  private static final class Made {
    static final PostgresHome HOME = make();
  }

  // Not in Made: the thread that starts the server would wait for that class to be there.
  private static PostgresHome make() {
    var home = PostgresHome.under(Path.of("target", "postgres-for-tests"));
    // Test JVMs side by side share it; the first one makes it.
    try (var file =
            FileChannel.open(
                Files.createDirectories(home.dataDir()).resolve("made.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        var _ = file.lock()) {
      // Once only: others may be copying it by now.
      var made = home.dataDir().resolve("made-" + ServerArchive.VERSION);
      if (!Files.exists(made)) {
        // Tests that end runs in this JVM must not take it for an orphan of theirs.
        EmbeddedPostgres.open(home.dataDir(), builder -> ProcessHost.startHelper(builder::start))
            .close();
        Files.createFile(made);
      }
      return home;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Makes it a data folder with a database that has never been used. */
  public static void into(Path dataDir) throws IOException {
    var home = unpackedInto(dataDir);
    place(Made.HOME.data(), home.data(), PreparedDatabase::copy);
    copy(Made.HOME.passwordFile(), home.passwordFile());
  }

  /** Makes it a data folder with a server, but no data yet. */
  static PostgresHome unpackedInto(Path dataDir) throws IOException {
    var home = PostgresHome.under(dataDir);
    place(Made.HOME.server(), home.server(), PreparedDatabase::link);
    return home;
  }

  /** The same with files that it shares with no other folder. */
  static void copiedInto(Path dataDir) throws IOException {
    place(Made.HOME.server(), PostgresHome.under(dataDir).server(), PreparedDatabase::copy);
  }

  private interface Placing {
    void place(Path from, Path to) throws IOException;
  }

  private static void place(Path from, Path to, Placing one) throws IOException {
    try (var files = Files.walk(from)) {
      for (var file : (Iterable<Path>) files::iterator) {
        one.place(file, to.resolve(from.relativize(file)));
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
  }

  private static void link(Path from, Path to) throws IOException {
    try {
      if (Files.isRegularFile(from, LinkOption.NOFOLLOW_LINKS)) {
        Files.createLink(to, from);
        return;
      }
    } catch (FileSystemException anotherFileSystem) {
      assertThat(to).doesNotExist();
    }
    copy(from, to);
  }
}
