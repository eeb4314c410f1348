package dev.runnel.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;

/** What the tests of this package share: data folders that need no unpacking, SQL, a second JVM. */
final class Scene {
  private Scene() {}

  /** A database that was made and stopped, to be copied; made once, also for later test runs. */
  private static final class Made {
    static final PostgresHome HOME = make();

    private static PostgresHome make() {
      var home = PostgresHome.under(Path.of("target", "postgres-for-tests"));
      // Test JVMs side by side share it; the first one makes it.
      try (var file =
              FileChannel.open(
                  Files.createDirectories(home.dataDir()).resolve("made.lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          var _ = file.lock()) {
        EmbeddedPostgres.open(home.dataDir()).close();
        return home;
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
  }

  /** A data folder below this one, with a server that need not be unpacked but no data yet. */
  static Path emptyDataDir(Path temp) throws IOException {
    var home = PostgresHome.under(temp.resolve("data-dir"));
    place(Made.HOME.server(), home.server(), Scene::link);
    return home.dataDir();
  }

  /** A data folder below this one, with a database that has never been used. */
  static Path dataDir(Path temp) throws IOException {
    var home = new PostgresHome(emptyDataDir(temp));
    place(Made.HOME.data(), home.data(), Scene::copy);
    copy(Made.HOME.passwordFile(), home.passwordFile());
    return home.dataDir();
  }

  /** A data folder below this one that shares nothing with others. */
  static Path ownDataDir(Path temp) throws IOException {
    var home = PostgresHome.under(temp.resolve("data-dir"));
    place(Made.HOME.server(), home.server(), Scene::copy);
    return home.dataDir();
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

  static Path data(Path dataDir) {
    return new PostgresHome(dataDir).data();
  }

  /** The processes of this data folder's server. */
  static List<Long> servers(Path dataDir) throws IOException {
    return LeftOver.all(data(dataDir));
  }

  static Connection connect(DatabaseAddress address) throws SQLException {
    return DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
  }

  /** Runs one statement; the first field of its first row, or null. */
  static String sql(DatabaseAddress address, String statement) throws SQLException {
    try (var connection = connect(address);
        var prepared = connection.prepareStatement(statement)) {
      if (!prepared.execute()) {
        return "";
      }
      var rows = prepared.getResultSet();
      return rows.next() ? rows.getString(1) : "";
    }
  }

  /** A JVM of its own that opens this data folder and holds it until it is killed. */
  static Process otherService(Path dataDir) throws IOException {
    var command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            OtherService.class.getName(),
            dataDir.toString());
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    var lines = process.inputReader();
    for (var line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.equals(OtherService.READY)) {
        return process;
      }
    }
    throw new AssertionError("the other service did not start");
  }

  /** The main class of that JVM. */
  static final class OtherService {
    static final String READY = "database is ready";

    private OtherService() {}

    /** Opens the folder named by the argument and waits for the end of stdin. */
    public static void main(String[] args) throws IOException {
      try (var database = EmbeddedPostgres.open(Path.of(args[0]))) {
        System.out.println(database.address());
        System.out.println(READY);
        while (System.in.read() >= 0) {
          Thread.onSpinWait();
        }
      }
    }
  }
}
