package dev.runnel.run;

import java.util.Locale;

/**
 * The state of a run. States only move forward: {@code QUEUED → RUNNING →} one terminal state, or
 * {@code QUEUED →} a terminal state.
 */
public enum RunStatus {
  QUEUED,
  RUNNING,
  SUCCEEDED,
  FAILED,
  CANCELED,
  TIMED_OUT;

  /** The lower-case name of the wire and the database. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether the run has ended for good. */
  public boolean isTerminal() {
    return switch (this) {
      case QUEUED, RUNNING -> false;
      case SUCCEEDED, FAILED, CANCELED, TIMED_OUT -> true;
    };
  }
}
