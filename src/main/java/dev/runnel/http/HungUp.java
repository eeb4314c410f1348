package dev.runnel.http;

/** The caller went away before its request was there: nobody is left to answer. */
final class HungUp extends RuntimeException {
  HungUp(Throwable cause) {
    super(cause.toString(), cause, false, false);
  }
}
