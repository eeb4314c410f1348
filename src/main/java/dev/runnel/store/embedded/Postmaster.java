package dev.runnel.store.embedded;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One life of the server. */
final class Postmaster {
  private static final Logger log = LoggerFactory.getLogger(Postmaster.class);
  private static final long POLL_MILLIS = 2;
  private static final long PATIENCE_MILLIS = 10_000;

  private final Process process;
  private final Path data;
  private final int port;
  private final ServerLog.Drain output;

  private Postmaster(Process process, Path data, int port, ServerLog.Drain output) {
    this.process = process;
    this.data = data;
    this.port = port;
    this.output = output;
  }

  /** Must be called by a thread that lives as long as the server shall: see Confinement. */
  static Postmaster start(
      PostgresHome home,
      Confinement confinement,
      int port,
      ServerLog log,
      EmbeddedPostgres.ServerStart start)
      throws IOException {
    var arguments = new ArrayList<>(List.of("-D", home.data().toString()));
    arguments.addAll(Settings.options(port));
    var command = confinement.command("INT", home.program("postgres"), arguments);
    var process =
        start.start(
            Tool.builder(command).directory(home.folder().toFile()).redirectErrorStream(true));
    return new Postmaster(process, home.data(), port, log.drain(process.getInputStream()));
  }

  /**
   * A loopback port that nothing uses now, which is no promise. Below the range that the kernel
   * gives to outgoing connections: one of those could take it while the server is started again.
   */
  static int freePort() throws IOException {
    while (true) {
      var port = ThreadLocalRandom.current().nextInt(15_000, 32_000);
      try (var socket = new ServerSocket()) {
        socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
        return port;
      } catch (BindException taken) {
        log.debug("port {} is taken", port);
      }
    }
  }

  /**
   * Waits until the server takes connections: true; false if it ended or the caller gave up.
   * Recovery after a crash may take long, so there is no limit but the process's life.
   */
  boolean awaitReady(BooleanSupplier givenUp) throws IOException {
    var nextNote = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
    while (!givenUp.getAsBoolean() && !Tool.endsWithin(process, POLL_MILLIS)) {
      if (PidFile.read(data).filter(file -> file.isReady() && file.pid() == pid()).isPresent()) {
        return true;
      }
      if (System.nanoTime() > nextNote) {
        log.warn("PostgreSQL is still starting; it says: {}", output.tail());
        nextNote = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
      }
    }
    return false;
  }

  long pid() {
    return process.pid();
  }

  int port() {
    return port;
  }

  CompletableFuture<Process> onExit() {
    return process.onExit();
  }

  /** Ends it, with everything written if that is possible in time. */
  void stop() throws IOException {
    Ending.postmaster(pid(), process::isAlive);
  }

  /** How it ended and what it said last. */
  String lastWords() {
    var end = process.isAlive() ? "still runs" : "exit code " + process.exitValue();
    return end + "; it said:\n" + output.lastTail();
  }

  boolean foundPortTaken() {
    return output.lastTail().contains("could not create any TCP/IP sockets");
  }
}
