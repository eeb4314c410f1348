package dev.runnel.run;

import java.util.Locale;

/** Which door of the service a run came through. */
public enum Door {
  BOSBASE,
  ADMIN,
  COMMAND_LINE;

  /** The lower-case name of the wire and the database. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
