package dev.runnel.system;

import dev.runnel.store.DebianServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** Two services on this host with one database, a schema of its own in it. */
final class TwoServices implements AutoCloseable {
  private final DebianServer server;
  private final String schema = "t_" + UUID.randomUUID().toString().replace("-", "");
  final ServiceProcess first;
  final ServiceProcess second;

  private TwoServices(DebianServer server, Path home, Map<String, String> options) {
    this.server = server;
    var all = new HashMap<>(options);
    all.put("RUNNEL_DATABASE_URL", server.url());
    all.put("RUNNEL_DATABASE_SCHEMA", schema);
    all.put("RUNNEL_SECRET_KEY", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=");
    all.putIfAbsent("SCRIPTS_BASH_LOGIN", "false");
    first = ServiceProcess.startWithOwner(directory(home, "first"), all);
    second = ServiceProcess.startWithOwner(directory(home, "second"), all);
  }

  /** Skips the test where no server is installed. */
  static TwoServices start(Path home, Map<String, String> options) {
    return new TwoServices(DebianServer.shared(), home, options);
  }

  private static Path directory(Path home, String name) {
    try {
      return Files.createDirectories(home.resolve(name));
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  /** Moves the first service to another host, as far as the other one can tell. */
  void seemOnAnotherHost(Path home) throws SQLException, IOException {
    var node = Files.readString(home.resolve("first/data/node.id")).strip();
    sql("UPDATE nodes SET host = 'elsewhere' WHERE id = '" + node + "'");
  }

  private void sql(String statement) throws SQLException {
    var url = "jdbc:" + server.url().replace("runnel@", "") + "?currentSchema=" + schema;
    try (var connection = DriverManager.getConnection(url, "runnel", "");
        var sql = connection.createStatement()) {
      sql.execute(statement);
    }
  }

  @Override
  public void close() {
    first.close();
    second.close();
  }
}
