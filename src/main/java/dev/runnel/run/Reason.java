package dev.runnel.run;

import java.util.Locale;

/** Why a run ended as it did, where the end state alone does not say it. */
public enum Reason {
  /** The process ended by itself with a code other than 0. */
  EXIT,
  /** A signal that we did not send ended the process. */
  SIGNAL,
  COULD_NOT_START,
  OUT_OF_MEMORY,
  OUTPUT_LIMIT,
  CPU_LIMIT,
  PROCESS_LIMIT,
  SECURITY,
  /** The node that ran it went away. */
  LOST,
  RUN_TIMEOUT,
  QUEUE_TIMEOUT,
  /** The caller hung up under {@code Prefer: handling=cancel}. */
  CANCELED_BY_CLIENT;

  /** The lower-case name of the wire and the database. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
