package dev.runnel.store;

import io.vertx.pgclient.SslMode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationState;

/** Brings the tables up to what this jar needs. Blocks: never on an event loop. */
final class Migrations {
  private static final int OLDEST_SERVER = 14;
  private static final String CONNECT_SECONDS = "5";

  private Migrations() {}

  private static final String IS_ENCRYPTED =
      "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";

  /**
   * Answers the address with what this server does about encryption. Throws {@code
   * IllegalStateException} with what to do when server or tables do not fit, {@code Unavailable}
   * when the server does not answer.
   */
  static DatabaseAddress run(DatabaseAddress address) {
    var encrypted = checkServer(address);
    var flyway =
        Flyway.configure(Migrations.class.getClassLoader())
            .dataSource(url(address), address.user(), address.password())
            .jdbcProperties(properties(address))
            .locations("classpath:db/migration")
            .schemas(address.schema())
            .createSchemas(true)
            // A schema that holds other things (extensions, another program's tables) is fine.
            .baselineOnMigrate(true)
            .baselineVersion("0")
            .placeholderReplacement(false)
            .load();
    for (var migration : flyway.info().all()) {
      if (migration.getState() == MigrationState.FUTURE_SUCCESS
          || migration.getState() == MigrationState.FUTURE_FAILED) {
        throw new IllegalStateException(
            "The tables in schema \""
                + address.schema()
                + "\" are of a newer Runnel (version "
                + migration.getVersion()
                + "); start that one, or restore a backup made before the upgrade");
      }
    }
    flyway.migrate();
    return address.decided(encrypted);
  }

  /** Whether the connection was encrypted. */
  private static boolean checkServer(DatabaseAddress address) {
    var login = new Properties();
    login.putAll(properties(address));
    try (var connection = DriverManager.getConnection(url(address), login)) {
      var version = connection.getMetaData().getDatabaseMajorVersion();
      if (version < OLDEST_SERVER) {
        throw new IllegalStateException(
            address
                + " is PostgreSQL "
                + version
                + "; Runnel needs "
                + OLDEST_SERVER
                + " or newer");
      }
      try (var statement = connection.createStatement();
          var row = statement.executeQuery(IS_ENCRYPTED)) {
        return row.next() && row.getBoolean(1);
      }
    } catch (SQLException refused) {
      if (refused.getSQLState() == null
          || refused.getSQLState().startsWith("08")
          || refused.getSQLState().startsWith("57")
          || refused.getSQLState().startsWith("53")) {
        throw Failures.away(address + " does not answer (" + refused.getMessage() + ")");
      }
      throw new IllegalStateException(
          address + " refuses the login: " + refused.getMessage(), refused);
    }
  }

  private static String url(DatabaseAddress address) {
    var host = address.host().indexOf(':') < 0 ? address.host() : "[" + address.host() + "]";
    return "jdbc:postgresql://"
        + host
        + ":"
        + address.port()
        + "/"
        + URLEncoder.encode(address.database(), StandardCharsets.UTF_8);
  }

  private static Map<String, String> properties(DatabaseAddress address) {
    var properties = new HashMap<String, String>();
    properties.put("user", address.user());
    properties.put("password", address.password() == null ? "" : address.password());
    properties.put("ApplicationName", "runnel");
    properties.put("connectTimeout", CONNECT_SECONDS);
    properties.put("loginTimeout", CONNECT_SECONDS);
    properties.put("tcpKeepAlive", "true");
    properties.put("sslmode", address.ssl().value);
    if (address.rootCertificate() != null) {
      properties.put("sslrootcert", address.rootCertificate().toString());
    } else if (address.ssl() == SslMode.VERIFY_CA || address.ssl() == SslMode.VERIFY_FULL) {
      properties.put("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
    }
    return properties;
  }
}
