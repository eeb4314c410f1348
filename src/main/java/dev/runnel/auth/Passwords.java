package dev.runnel.auth;

import at.favre.lib.crypto.bcrypt.BCrypt;
import dev.runnel.problem.Problem;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/** Hashes and checks passwords with bcrypt, away from the event loops. */
public final class Passwords {
  /** Smallest length of a new password, in characters. */
  public static final int MIN_CHARACTERS = 8;

  /** Largest length of a password, in bytes of UTF-8: what bcrypt takes in. */
  public static final int MAX_BYTES = 71;

  private static final int COST = 10;

  /** Checks that may wait; each takes some 60 ms of a core. */
  private static final int MAX_WAITING = 256;

  private final WorkerExecutor workers;
  private final AtomicInteger waiting = new AtomicInteger();

  /** Has worker threads of its own, so that logins cannot hold up other work. */
  public Passwords(Vertx vertx) {
    var threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    this.workers = vertx.createSharedWorkerExecutor("runnel-bcrypt", threads);
  }

  /** What may be wrong with a new password. */
  public enum Length {
    RIGHT("is right"),
    TOO_SHORT("Must be at least " + MIN_CHARACTERS + " character(s)."),
    TOO_LONG("Must be no more than " + MAX_BYTES + " byte(s) of UTF-8.");

    private final String rule;

    Length(String rule) {
      this.rule = rule;
    }

    /** What it must be, for whoever chose it. */
    public String rule() {
      return rule;
    }

    /** Of this password. */
    public static Length of(String password) {
      if (password.codePointCount(0, password.length()) < MIN_CHARACTERS) {
        return TOO_SHORT;
      }
      return bytes(password).length > MAX_BYTES ? TOO_LONG : RIGHT;
    }
  }

  /**
   * The bcrypt hash of a new password. Fails with {@code Invalid("password", …)} when it is too
   * short or too long.
   */
  public Future<String> hash(String password) {
    var length = Length.of(password);
    return length == Length.RIGHT
        ? work(() -> hashed(password))
        : Future.failedFuture(new Problem.Invalid("password", length.rule()));
  }

  private static String hashed(String password) {
    return new String(BCrypt.withDefaults().hash(COST, bytes(password)), StandardCharsets.US_ASCII);
  }

  /** Whether the hash is of this password. */
  public Future<Boolean> verify(String password, String hash) {
    return work(() -> matches(password, hash));
  }

  /** Runs it on the bounded workers; fails with {@code Unavailable} when too much waits there. */
  <T> Future<T> work(Callable<T> job) {
    if (waiting.incrementAndGet() > MAX_WAITING) {
      waiting.decrementAndGet();
      return Future.failedFuture(
          new Problem.Unavailable("Too many logins at a time", Duration.ofSeconds(2)));
    }
    return workers.executeBlocking(job, false).onComplete(_ -> waiting.decrementAndGet());
  }

  /** Takes tens of milliseconds: on a worker only. */
  static boolean matches(String password, String hash) {
    var given = bytes(password);
    return given.length <= MAX_BYTES
        && BCrypt.verifyer().verify(given, hash.getBytes(StandardCharsets.US_ASCII)).verified;
  }

  private static byte[] bytes(String password) {
    return password.getBytes(StandardCharsets.UTF_8);
  }
}
