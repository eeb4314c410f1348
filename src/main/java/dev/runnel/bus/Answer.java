package dev.runnel.bus;

import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** A reply on the bus. */
sealed interface Answer {

  record Value(@Nullable Object value) implements Answer {}

  record Failure(Throwable cause) implements Answer {}

  @SuppressWarnings("unchecked") // the question named this type
  default <R> Future<R> future() {
    return switch (this) {
      case Value(var value) -> Future.succeededFuture((R) value);
      case Failure(var cause) -> Future.failedFuture(cause);
    };
  }
}
