package dev.runnel.store.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;

/** What the tests of this package share: data folders that need no unpacking, SQL, a second JVM. */
final class Scene {
  private Scene() {}

  /** A data folder below this one, with a server that need not be unpacked but no data yet. */
  static Path emptyDataDir(Path temp) throws IOException {
    return PreparedDatabase.unpackedInto(temp.resolve("data-dir")).dataDir();
  }

  /** A data folder below this one, with a database that has never been used. */
  static Path dataDir(Path temp) throws IOException {
    var dataDir = temp.resolve("data-dir");
    PreparedDatabase.into(dataDir);
    return dataDir;
  }

  /** A data folder below this one that shares nothing with others. */
  static Path ownDataDir(Path temp) throws IOException {
    var dataDir = temp.resolve("data-dir");
    PreparedDatabase.copiedInto(dataDir);
    return dataDir;
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
