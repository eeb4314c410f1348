package dev.runnel.run;

import java.util.Locale;

/** What a return value is: any JSON value, or a string. */
public enum ResultFormat {
  JSON,
  STRING;

  /** The lower-case name of the wire and the database. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
