package dev.runnel.http.form;

/** The bytes are no form; the message says why. */
public final class MalformedForm extends RuntimeException {
  MalformedForm(String why) {
    // An answer, not a bug: no stack trace.
    super(why, null, false, false);
  }
}
