package dev.runnel.script;

import java.util.Locale;

/** Where a script runs; the wire values are those of the admin dialect. */
public enum Runner {
  /** A process on this host. */
  HOST,
  /** The JavaScript sandbox. */
  VM2,
  /** A page. */
  BROWSER;

  /** The lower-case name of the wire and the database. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What a script of this language gets when none is named. */
  public static Runner defaultOf(Language language) {
    return language == Language.BROWSER ? BROWSER : HOST;
  }

  /** Whether this runner can run stored scripts of that language (admin dialect, allowed pairs). */
  public boolean runs(Language language) {
    return switch (language) {
      case BASH, PYTHON -> this == HOST;
      case NODE -> this == HOST || this == VM2;
      case BROWSER -> this == BROWSER;
      case COMMAND, WASM -> false;
    };
  }
}
