package dev.runnel.script;

import java.util.Locale;

/** What happens when a script is started while a run of it is active. */
public enum Concurrency {
  /** Refused at the admin door, waits at the others. */
  SINGLE,
  /** Waits until the run before it has ended. */
  QUEUE,
  /** Starts at once. */
  PARALLEL;

  /** The lower-case name of the wire and the database. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
