package dev.runnel.http;

/** An error that only one dialect knows, already in its shape. */
public abstract class DialectError extends RuntimeException {
  protected DialectError(String message) {
    // An answer, not a bug: no stack trace.
    super(message, null, false, false);
  }

  /** What the caller sees. */
  protected abstract Answer answer();
}
