package dev.runnel.auth;

import dev.runnel.problem.Problem;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asking for an account while a caller waits to be recognised. */
final class Lookup {
  /** Health answers within two seconds whatever token comes with the question. */
  private static final long MILLIS = 1_000;

  private Lookup() {}

  /** A database that takes longer than a second counts as away: {@code Unavailable}. */
  static <T> Future<T> soon(Future<T> lookup) {
    return lookup
        .timeout(MILLIS, TimeUnit.MILLISECONDS)
        .recover(failure ->
            Future.failedFuture(
                failure instanceof TimeoutException
                    ? new Problem.Unavailable("The database does not answer", Duration.ofSeconds(2))
                    : failure));
  }
}
