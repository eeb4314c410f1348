package dev.runnel.secret;

import org.jspecify.annotations.Nullable;

/** The secret key cannot be had; the message says where it was looked for and what to do. */
public final class UnusableKey extends RuntimeException {
  UnusableKey(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
