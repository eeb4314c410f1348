package dev.runnel.files;

import dev.runnel.config.Options;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How files come to {@code EXECUTE_PATH}. Any file below it may be replaced, {@code
 * .venv/bin/python} too: whoever may upload may run commands as well. Not so the service's own data
 * dir.
 */
public final class Uploads {
  /** Writing waits for the disk, not for the sender: a few threads serve many uploads. */
  private static final int THREADS = 8;

  private static final long LONGEST_MINUTES = 10;

  private final Spool spool;
  private final List<Path> guarded;
  private final Runnable settled;
  private final long limit;
  private final WorkerExecutor workers;

  private Uploads(
      Spool spool, List<Path> guarded, Runnable settled, long limit, WorkerExecutor workers) {
    this.spool = spool;
    this.guarded = guarded;
    this.settled = settled;
    this.limit = limit;
    this.workers = workers;
  }

  /**
   * Uploads to this node; removes what its former life has left unfinished.
   *
   * @param node its id
   * @param settled returns when every process whose start had begun is started: for a moment it has
   *     open what the service has open
   */
  public static Uploads open(Vertx vertx, Options options, String node, Runnable settled) {
    var root = options.execution().path().toAbsolutePath().normalize();
    var spool = new Spool(root, node, owner(root, options.execution().runAs()));
    spool.clear();
    return new Uploads(
        spool,
        List.of(real(options.data().dir())),
        settled,
        options.http().uploadLimit(),
        vertx.createSharedWorkerExecutor("uploads", THREADS, LONGEST_MINUTES, TimeUnit.MINUTES));
  }

  /** Largest file, in bytes. */
  public long limit() {
    return limit;
  }

  /** {@code EXECUTE_PATH}, absolute. */
  public Path root() {
    return spool.root();
  }

  /** Begins a file; close it, whatever becomes of it. */
  public Upload begin() throws CannotPrepare {
    return Upload.begin(spool, guarded, settled);
  }

  /** Does on another thread what blocks; the pieces of one upload wait for each other. */
  public <T extends @Nullable Object> Future<T> onWorker(Callable<T> work) {
    return workers.executeBlocking(work, false);
  }

  private static @Nullable UserPrincipal owner(Path root, @Nullable String user) {
    try {
      return user == null
          ? null
          : root.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user);
    } catch (IOException unknown) {
      throw new UncheckedIOException(unknown);
    }
  }

  private static Path real(Path path) {
    var absolute = path.toAbsolutePath().normalize();
    try {
      return Files.exists(absolute) ? absolute.toRealPath() : absolute;
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
