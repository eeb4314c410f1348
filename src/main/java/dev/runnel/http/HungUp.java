package dev.runnel.http;

/** The caller went away before its request was there: nobody is left to answer. */
final class HungUp extends RuntimeException {
  HungUp(String how) {
    // Nothing of ours went wrong: no stack trace.
    super(how, null, false, false);
  }
}
