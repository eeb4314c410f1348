package dev.runnel.store.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one server alive. Everything happens in one platform thread: the kernel ends the server
 * when the thread that started it ends.
 */
final class Supervisor {
  private static final Logger log = LoggerFactory.getLogger(Supervisor.class);
  private static final int PORT_TRIES = 5;

  /** So many deaths within a minute, and it is given up. The pauses between add up to 6 s. */
  private static final int DEATHS = 6;

  private static final long FIRST_PAUSE_MILLIS = 50;

  /** How this host runs PostgreSQL. */
  @FunctionalInterface
  interface Choice {
    Confinement of(PostgresHome home) throws IOException;
  }

  private final PostgresHome home;
  private final Choice choice;
  private final EmbeddedPostgres.ServerStart start;
  private final ServerLog serverLog;
  private final Thread thread;
  private final CompletableFuture<DatabaseAddress> ready = new CompletableFuture<>();
  private final CompletableFuture<DatabaseUnusable> failed = new CompletableFuture<>();
  private final CompletableFuture<Void> closing = new CompletableFuture<>();
  private final ArrayDeque<Long> deaths = new ArrayDeque<>();

  Supervisor(PostgresHome home, Choice choice, EmbeddedPostgres.ServerStart start) {
    this.home = home;
    this.choice = choice;
    this.start = start;
    this.serverLog = new ServerLog(home.log());
    this.thread = Thread.ofPlatform().daemon().name("postgres-supervisor").start(this::run);
  }

  /** Waits for the first start; fails with {@link DatabaseUnusable}. */
  DatabaseAddress address() {
    try {
      return ready.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof DatabaseUnusable known
          ? known
          : new DatabaseUnusable("The embedded PostgreSQL cannot be started: " + e.getCause());
    }
  }

  /** Completes with the reason when the server has died for good. */
  CompletionStage<DatabaseUnusable> failed() {
    return failed.minimalCompletionStage();
  }

  /** Stops the server and waits for its end. */
  void close() {
    closing.complete(null);
    var isInterrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        isInterrupted = true;
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      serve();
    } catch (IOException e) {
      fail(new DatabaseUnusable("PostgreSQL cannot be run in " + home.folder(), e));
    } catch (UncheckedIOException e) {
      fail(new DatabaseUnusable("PostgreSQL cannot be run in " + home.folder(), e.getCause()));
    } catch (DatabaseUnusable e) {
      fail(e);
    } catch (RuntimeException e) {
      log.error("the PostgreSQL supervisor failed", e);
      fail(new DatabaseUnusable("The embedded PostgreSQL cannot be supervised: " + e));
    }
  }

  private void fail(DatabaseUnusable reason) {
    if (!ready.completeExceptionally(reason)) {
      log.error("{}", reason.getMessage());
      failed.complete(reason);
    }
  }

  private void serve() throws IOException {
    Cluster.check(home);
    ServerArchive.unpack(home);
    var confinement = choice.of(home);
    confinement.prepare(home);
    LeftOver.end(home.data());
    new Cluster(home, confinement).makeIfMissing();

    var server = first(confinement);
    ready.complete(home.address(server.port()));
    try {
      while (!closing.isDone()) {
        CompletableFuture.anyOf(server.onExit(), closing).join();
        if (!closing.isDone()) {
          server = next(server, confinement);
        }
      }
      server.stop();
    } finally {
      // Backends of a postmaster that died and was not replaced.
      LeftOver.end(home.data());
    }
    log.info("PostgreSQL stopped");
  }

  private Postmaster first(Confinement confinement) throws IOException {
    var tries = 0;
    while (true) {
      var server = Postmaster.start(home, confinement, Postmaster.freePort(), serverLog, start);
      if (isUp(server)) {
        return server;
      }
      server.stop();
      tries++;
      if (!server.foundPortTaken() || tries == PORT_TRIES) {
        throw new DatabaseUnusable(
            "The embedded PostgreSQL does not start (%s)\nIts log: %s"
                .formatted(server.lastWords(), home.log()));
      }
    }
  }

  /** A new server on the port of the dead one, or the last one tried when we are closing. */
  private Postmaster next(Postmaster dead, Confinement confinement) throws IOException {
    var last = dead;
    while (!closing.isDone() && !closesWithin(pauseAfter(last))) {
      // A backend in a long query would outlive its postmaster and keep the next from starting.
      LeftOver.end(home.data());
      last = Postmaster.start(home, confinement, dead.port(), serverLog, start);
      if (isUp(last)) {
        break;
      }
    }
    return last;
  }

  private boolean isUp(Postmaster server) throws IOException {
    var isReady = server.awaitReady(closing::isDone);
    if (isReady) {
      log.info(
          "PostgreSQL {} takes connections on port {} (process {})",
          ServerArchive.VERSION,
          server.port(),
          server.pid());
    }
    return isReady;
  }

  /** Counts a death; how many milliseconds to wait before the next start. */
  private long pauseAfter(Postmaster dead) {
    var now = System.nanoTime();
    deaths.add(now);
    deaths.removeIf(death -> now - death > TimeUnit.MINUTES.toNanos(1));
    if (deaths.size() >= DEATHS) {
      throw new DatabaseUnusable(
          "The embedded PostgreSQL died %d times within a minute (%s)\nIts log: %s"
              .formatted(deaths.size(), dead.lastWords(), home.log()));
    }
    var pause = FIRST_PAUSE_MILLIS * Math.powExact(3L, deaths.size() - 1);
    log.warn("PostgreSQL died ({}); it is started again in {} ms", dead.lastWords(), pause);
    return pause;
  }

  private boolean closesWithin(long millis) {
    closing.copy().completeOnTimeout(null, millis, TimeUnit.MILLISECONDS).join();
    return closing.isDone();
  }
}
