package dev.runnel.store;

import io.vertx.pgclient.SslMode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a PostgreSQL server is and how to log in there. {@code toString} never shows the password.
 *
 * @param host name or address; IPv6 without brackets
 * @param password null: none is sent
 * @param schema holds the tables; created when missing
 * @param connections at most so many at a time
 * @param rootCertificate PEM file that {@code verify-ca} and {@code verify-full} trust; null: the
 *     platform's
 */
public record DatabaseAddress(
    String host,
    int port,
    String database,
    String user,
    @Nullable String password,
    String schema,
    int connections,
    SslMode ssl,
    @Nullable Path rootCertificate) {
  private static final int DEFAULT_PORT = 5432;
  private static final String SHAPE = "postgresql://user:password@host:port/database";

  /** An address without encryption, as on this host. */
  public static DatabaseAddress local(
      int port, String database, String user, String password, String schema, int connections) {
    return new DatabaseAddress(
        "127.0.0.1", port, database, user, password, schema, connections, SslMode.DISABLE, null);
  }

  /**
   * Reads {@code postgresql://user:password@host:port/database?sslmode=require}. User, password and
   * database may be percent-encoded, port and database may be missing (5432, the user's name).
   * Parameters: {@code sslmode} (default {@code prefer}: what the server does when the service
   * starts, without checking its certificate), {@code sslrootcert}. Throws {@code
   * IllegalArgumentException} that says what is wrong and never holds the password.
   */
  public static DatabaseAddress parse(String url, String schema, int connections) {
    var rest = afterScheme(url.strip());
    var question = rest.indexOf('?');
    var query = question < 0 ? "" : rest.substring(question + 1);
    rest = question < 0 ? rest : rest.substring(0, question);
    var at = rest.lastIndexOf('@');
    if (at <= 0) {
      throw wrong("names no user");
    }
    var login = rest.substring(0, at).split(":", 2);
    rest = rest.substring(at + 1);
    var slash = rest.indexOf('/');
    var place = slash < 0 ? rest : rest.substring(0, slash);
    var user = decoded(login[0], "user");
    var database = slash < 0 ? "" : decoded(rest.substring(slash + 1), "database");
    return withParameters(
        new DatabaseAddress(
            host(place),
            port(place),
            database.isEmpty() ? user : database,
            user,
            login.length < 2 ? null : decoded(login[1], "password"),
            schema,
            connections,
            SslMode.PREFER,
            null),
        query);
  }

  private static String afterScheme(String url) {
    for (var scheme : new String[] {"postgresql://", "postgres://"}) {
      if (url.startsWith(scheme)) {
        return url.substring(scheme.length());
      }
    }
    throw wrong("does not start with postgresql://");
  }

  private static String host(String place) {
    var end = place.startsWith("[") ? place.indexOf(']') : place.lastIndexOf(':');
    if (place.startsWith("[") && end < 0) {
      throw wrong("has a [ without ] in its host");
    }
    var host = place.startsWith("[") ? place.substring(1, end) : end < 0 ? place : before(place);
    if (host.isEmpty()) {
      throw wrong("names no host");
    }
    if (!place.startsWith("[") && (host.indexOf(':') >= 0 || host.indexOf(',') >= 0)) {
      throw wrong("must name one host; an IPv6 address stands in [ ]");
    }
    return host;
  }

  private static String before(String place) {
    return place.substring(0, place.lastIndexOf(':'));
  }

  private static int port(String place) {
    var colon = place.lastIndexOf(':');
    if (colon < 0 || place.endsWith("]")) {
      return DEFAULT_PORT;
    }
    try {
      var port = Integer.parseInt(place, colon + 1, place.length(), 10);
      if (port > 0 && port < 65_536) {
        return port;
      }
    } catch (NumberFormatException notANumber) {
      throw wrong("has a port that is no number");
    }
    throw wrong("has a port outside 1 to 65535");
  }

  private static DatabaseAddress withParameters(DatabaseAddress address, String query) {
    var result = address;
    for (var pair : query.isEmpty() ? new String[0] : query.split("&", -1)) {
      var parts = pair.split("=", 2);
      var value = parts.length < 2 ? "" : decoded(parts[1], parts[0]);
      result =
          switch (parts[0]) {
            case "sslmode" -> result.with(sslMode(value), result.rootCertificate);
            case "sslrootcert" -> result.with(result.ssl, Path.of(value));
            default -> throw wrong("has a parameter other than sslmode and sslrootcert");
          };
    }
    return result;
  }

  private static SslMode sslMode(String value) {
    for (var mode : SslMode.VALUES) {
      if (mode.value.equals(value)) {
        return mode;
      }
    }
    throw wrong(
        "has an unknown sslmode; allowed are disable, allow, prefer, require, verify-ca and"
            + " verify-full");
  }

  private static String decoded(String text, String what) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException malformed) {
      throw wrong("has a % in its " + what + " that does not begin a percent-encoded byte (%25)");
    }
  }

  private static IllegalArgumentException wrong(String how) {
    return new IllegalArgumentException(
        "The database URL " + how + "; it should look like " + SHAPE);
  }

  /**
   * The same with {@code prefer} and {@code allow} decided. Undecided, the reactive client leaves a
   * connection behind at each attempt that the server answers with no, and a server that is to stop
   * waits a minute for each.
   */
  DatabaseAddress decided(boolean encrypted) {
    return switch (ssl) {
      case ALLOW, PREFER -> with(encrypted ? SslMode.REQUIRE : SslMode.DISABLE, rootCertificate);
      case DISABLE, REQUIRE, VERIFY_CA, VERIFY_FULL -> this;
    };
  }

  private DatabaseAddress with(SslMode mode, @Nullable Path certificate) {
    return new DatabaseAddress(
        host, port, database, user, password, schema, connections, mode, certificate);
  }

  @Override
  public String toString() {
    return "postgresql://"
        + user
        + "@"
        + (host.indexOf(':') < 0 ? host : "[" + host + "]")
        + ":"
        + port
        + "/"
        + database;
  }
}
