package dev.runnel.run;

import java.util.Locale;

/** What kind of caller started a run. */
public enum Trigger {
  MANUAL,
  SCHEDULE,
  API;

  /** The lower-case name of the wire and the database. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
