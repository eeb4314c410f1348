package dev.runnel.worker.wasm;

/** What was asked for cannot be done; the message says why, for whoever asked. */
final class Refused extends Exception {

  Refused(String message) {
    super(message);
  }

  Refused(String message, Throwable cause) {
    super(message, cause);
  }
}
