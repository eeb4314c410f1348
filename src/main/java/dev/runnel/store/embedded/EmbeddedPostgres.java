package dev.runnel.store.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The database that comes with the service: a PostgreSQL server of its own, on a loopback port,
 * with its data under the service's data folder. It is durable (every commit is on the disk), asks
 * for a generated password, is started again on the same port when it dies, and ends with the
 * service, also when that is killed.
 *
 * <p>Every method may block for long; none may be called by an event loop.
 */
public final class EmbeddedPostgres implements AutoCloseable {
  /** Longer than a first start takes on a slow machine. */
  private static final Duration SERVICE_STARTS_WITHIN = Duration.ofSeconds(30);

  private final DatabaseAddress address;
  private final @Nullable Supervisor supervisor;
  private final @Nullable DataDirLock lock;

  private EmbeddedPostgres(
      DatabaseAddress address, @Nullable Supervisor supervisor, @Nullable DataDirLock lock) {
    this.address = address;
    this.supervisor = supervisor;
    this.lock = lock;
  }

  /**
   * Starts the database of this data folder, which is made if missing, and waits until it takes
   * connections. What a killed service left running there is ended first.
   *
   * @throws DatabaseUnusable if another process holds the folder, the data is of another major
   *     version, or the server cannot be started; the message says what to do
   */
  public static EmbeddedPostgres open(Path dataDir) {
    return open(dataDir, ProcessBuilder::start);
  }

  /** The same, where whoever starts processes wants to know of this one. */
  public static EmbeddedPostgres open(Path dataDir, ServerStart start) {
    return open(dataDir, Confinement::of, start);
  }

  /** How the server's process is started; called again after each unexpected end. */
  public interface ServerStart {
    Process start(ProcessBuilder builder) throws IOException;
  }

  static EmbeddedPostgres openConfined(Path dataDir, Supervisor.Choice choice) {
    return open(dataDir, choice, ProcessBuilder::start);
  }

  private static EmbeddedPostgres open(Path dataDir, Supervisor.Choice choice, ServerStart start) {
    var home = PostgresHome.under(dataDir);
    try {
      var lock = DataDirLock.take(home.lock());
      if (lock.isEmpty()) {
        throw new DatabaseUnusable(
            """
            Another Runnel (%s) uses the data folder %s. \
            Stop it first, or give this one another folder with RUNNEL_DATA_DIR.\
            """
                .formatted(DataDirLock.holder(home.lock()), home.dataDir()));
      }
      return supervised(home, lock.get(), choice, start);
    } catch (IOException e) {
      throw new DatabaseUnusable("The data folder " + home.dataDir() + " cannot be used", e);
    }
  }

  /**
   * For a command beside a service that may be alive: its running server if it is, which {@link
   * #close} then leaves alone; else as {@link #open}, for as long as the command needs it.
   *
   * @throws DatabaseUnusable as {@code open}, and if the service alive has no database ready within
   *     30 s
   */
  public static EmbeddedPostgres attachOrOpen(Path dataDir, ServerStart start) {
    var home = PostgresHome.under(dataDir);
    var end = System.nanoTime() + SERVICE_STARTS_WITHIN.toNanos();
    try {
      while (System.nanoTime() < end) {
        var lock = DataDirLock.take(home.lock());
        if (lock.isPresent()) {
          return supervised(home, lock.get(), Confinement::of, start);
        }
        var running = running(home);
        if (running.isPresent()) {
          return new EmbeddedPostgres(running.get(), null, null);
        }
        LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
      }
      throw new DatabaseUnusable(
          """
          The Runnel that uses the data folder %s (%s) has no database that takes connections. \
          See its log.\
          """
              .formatted(home.dataDir(), DataDirLock.holder(home.lock())));
    } catch (IOException e) {
      throw new DatabaseUnusable("The data folder " + home.dataDir() + " cannot be used", e);
    }
  }

  /** Where to connect; the same until it is closed. */
  public DatabaseAddress address() {
    return address;
  }

  /**
   * Completes with the reason when the server has died so often that it is not started again; never
   * for a server that is another process's. Restarts before that only cut connections.
   */
  public CompletionStage<DatabaseUnusable> failed() {
    return supervisor == null ? new CompletableFuture<>() : supervisor.failed();
  }

  /** Stops the server, waits until it is gone (at most 22 s) and frees the folder. Idempotent. */
  @Override
  public void close() {
    if (supervisor != null) {
      supervisor.close();
    }
    release(lock);
  }

  private static EmbeddedPostgres supervised(
      PostgresHome home, DataDirLock lock, Supervisor.Choice choice, ServerStart start) {
    var supervisor = new Supervisor(home, choice, start);
    try {
      return new EmbeddedPostgres(supervisor.address(), supervisor, lock);
    } catch (DatabaseUnusable e) {
      supervisor.close();
      release(lock);
      throw e;
    }
  }

  private static Optional<DatabaseAddress> running(PostgresHome home) throws IOException {
    var file =
        PidFile.read(home.data())
            .filter(noted -> noted.isReady() && LeftOver.isOf(noted.pid(), home.data()));
    return file.isPresent() && Files.exists(home.passwordFile())
        ? Optional.of(home.address(file.get().port()))
        : Optional.empty();
  }

  private static void release(@Nullable DataDirLock lock) {
    if (lock != null) {
      try {
        lock.close();
      } catch (IOException e) {
        throw new DatabaseUnusable("The lock of the data folder cannot be released", e);
      }
    }
  }
}
