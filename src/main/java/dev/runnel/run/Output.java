package dev.runnel.run;

import java.util.Locale;

/** One of the two output streams of a process. */
public enum Output {
  STDOUT,
  STDERR;

  /** The lower-case name of the wire. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
