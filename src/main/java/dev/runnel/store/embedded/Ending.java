package dev.runnel.store.embedded;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a postmaster is made to end: politely, urgently, by force. */
final class Ending {
  private static final Logger log = LoggerFactory.getLogger(Ending.class);

  /** INT: sessions are cut, everything is written. */
  private static final Duration FAST = Duration.ofSeconds(10);

  /** QUIT: gives up at once; the next start recovers. PostgreSQL kills its children after 5 s. */
  private static final Duration IMMEDIATE = Duration.ofSeconds(7);

  private static final Duration FORCED = Duration.ofSeconds(5);

  private Ending() {}

  /** Ends a postmaster; returns when it is gone, or fails when even KILL does not help. */
  static void postmaster(long pid, BooleanSupplier isAlive) throws IOException {
    if (!ended(pid, "INT", FAST, isAlive)) {
      atOnce(pid, isAlive);
    }
  }

  /** Ends a process without its last words: a backend whose postmaster is dead. */
  static void atOnce(long pid, BooleanSupplier isAlive) throws IOException {
    if (!ended(pid, "QUIT", IMMEDIATE, isAlive) && !ended(pid, "KILL", FORCED, isAlive)) {
      throw new DatabaseUnusable(
          "The PostgreSQL process "
              + pid
              + " does not end, not even by SIGKILL. Look at what it"
              + " waits for (ps, dmesg), then start again.");
    }
  }

  private static boolean ended(long pid, String signal, Duration within, BooleanSupplier isAlive)
      throws IOException {
    if (!isAlive.getAsBoolean()) {
      return true;
    }
    if (!Tool.signal(pid, signal) && isAlive.getAsBoolean()) {
      log.warn("could not send {} to PostgreSQL process {}", signal, pid);
    }
    var end = System.nanoTime() + within.toNanos();
    while (isAlive.getAsBoolean()) {
      if (System.nanoTime() > end) {
        log.warn("PostgreSQL process {} did not end {} after {}", pid, within, signal);
        return false;
      }
      LockSupport.parkNanos(2_000_000);
    }
    return true;
  }
}
