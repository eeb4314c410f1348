package dev.runnel.store;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * An external server out of Debian's package, on a free port of this host, with durable settings.
 * It ends with this JVM.
 */
public final class DebianServer implements Server, AutoCloseable {
  private static final Path PACKAGE = Path.of("/usr/lib/postgresql");
  private static final int CONNECTIONS = 8;

  private static final class Shared {
    static final DebianServer SERVER = create();
  }

  private final Path bin;
  private final Path home;
  private final int port;

  private DebianServer(Path bin, Path home, int port) {
    this.bin = bin;
    this.home = home;
    this.port = port;
  }

  /** One for all test classes; skips the test where the package is not installed. */
  public static DebianServer shared() {
    assumeInstalled();
    return Shared.SERVER;
  }

  /** One of its own, for those who stop or pause it. */
  public static DebianServer own() {
    assumeInstalled();
    return create();
  }

  private static void assumeInstalled() {
    assumeTrue(
        binaries().isPresent(),
        "No PostgreSQL server below " + PACKAGE + "; install Debian's package postgresql");
  }

  private static Optional<Path> binaries() {
    try (var versions = Files.isDirectory(PACKAGE) ? Files.list(PACKAGE) : null) {
      return versions == null
          ? Optional.empty()
          : versions
              .map(version -> version.resolve("bin"))
              .filter(bin -> Files.isExecutable(bin.resolve("postgres")))
              .max(Comparator.comparing(Path::toString));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static DebianServer create() {
    try {
      var home = Files.createTempDirectory("runnel-server");
      var server = new DebianServer(binaries().orElseThrow(), home, freePort());
      Runtime.getRuntime().addShutdownHook(new Thread(server::close));
      server.tool("initdb", "-D", server.data(), "-U", "runnel", "-A", "trust", "-E", "UTF8");
      server.start();
      return server;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public DatabaseAddress address(String schema) {
    return DatabaseAddress.local(port, "postgres", "runnel", "", schema, CONNECTIONS);
  }

  /** The same for the service's option. */
  public String url() {
    return "postgresql://runnel@127.0.0.1:" + port + "/postgres";
  }

  /** The same with a password, which the server does not ask for. */
  public String url(String database, String password) {
    return "postgresql://runnel:" + password + "@127.0.0.1:" + port + "/" + database;
  }

  /** All of a database as SQL text. */
  public String dump(String database) throws IOException {
    var file = home.resolve(database + ".sql");
    tool("pg_dump", "-h127.0.0.1", "-p" + port, "-Urunnel", "-f" + file, database);
    return Files.readString(file);
  }

  /** Saves a database with pg_dump and restores it under another name with pg_restore. */
  public void copy(String database, String to) {
    var file = home.resolve(database + ".dump");
    tool("pg_dump", "-h127.0.0.1", "-p" + port, "-Urunnel", "-Fc", "-f" + file, database);
    tool("createdb", "-h127.0.0.1", "-p" + port, "-Urunnel", to);
    tool("pg_restore", "-h127.0.0.1", "-p" + port, "-Urunnel", "-d" + to, "-e", file.toString());
  }

  public void start() {
    var options = "-c listen_addresses=127.0.0.1 -c unix_socket_directories='' -p " + port;
    tool(
        "pg_ctl", "-D", data(), "-w", "-l", home.resolve("log").toString(), "-o", options, "start");
  }

  public void stop() {
    tool("pg_ctl", "-D", data(), "-w", "-m", "fast", "stop");
  }

  /** Every process of the server stands still, with its connections open. */
  public void pause() {
    signal("-STOP");
  }

  public void resume() {
    signal("-CONT");
  }

  private void signal(String signal) {
    try {
      var postmaster =
          ProcessHandle.of(
                  Long.parseLong(
                      Files.readAllLines(home.resolve("data/postmaster.pid")).getFirst()))
              .orElseThrow();
      var command = new ArrayList<>(List.of("kill", signal, Long.toString(postmaster.pid())));
      postmaster.descendants().forEach(child -> command.add(Long.toString(child.pid())));
      execute(command);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public void close() {
    if (!Files.exists(home)) {
      return;
    }
    if (Files.exists(home.resolve("data/postmaster.pid"))) {
      tool("pg_ctl", "-D", data(), "-w", "-m", "immediate", "stop");
    }
    try (var files = Files.walk(home)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private String data() {
    return home.resolve("data").toString();
  }

  /** PostgreSQL refuses root: there it runs in a user namespace of its own. */
  private void tool(String name, String... arguments) {
    var command = new ArrayList<String>();
    if ("root".equals(System.getProperty("user.name"))) {
      command.addAll(List.of("unshare", "-U"));
    }
    command.add(bin.resolve(name).toString());
    command.addAll(List.of(arguments));
    execute(command);
  }

  private void execute(List<String> command) {
    try {
      var output = home.resolve("tools").toFile();
      var process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(output))
              .start();
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IllegalStateException(command + " failed: " + Files.readString(output.toPath()));
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }
}
