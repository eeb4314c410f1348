package dev.runnel.script;

import java.util.Arrays;
import java.util.Locale;

/** What a script is written in; fixed at creation unless its type is changed explicitly. */
public enum Language {
  BASH,
  NODE,
  PYTHON,
  /** Runs in a page only; the service refuses to run it. */
  BROWSER,
  /** A shell command. Never stored, only run. */
  COMMAND,
  /** A WebAssembly module. Never stored, only run. */
  WASM;

  /** The lower-case name of the wire and the database. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether stored scripts can be written in it; else it is for what is run and not kept. */
  public boolean isOfScripts() {
    return switch (this) {
      case BASH, NODE, PYTHON, BROWSER -> true;
      case COMMAND, WASM -> false;
    };
  }

  /** Those that a stored script can be written in. */
  public static Language[] ofScripts() {
    return Arrays.stream(values()).filter(Language::isOfScripts).toArray(Language[]::new);
  }

  /**
   * The language that a file or BosBase script name stands for: {@code .js .mjs .cjs} node, {@code
   * .sh .bash} bash, everything else python.
   */
  public static Language ofFileName(String name) {
    var dot = name.lastIndexOf('.');
    return switch (dot < 0 ? "" : name.substring(dot + 1)) {
      case "js", "mjs", "cjs" -> NODE;
      case "sh", "bash" -> BASH;
      default -> PYTHON;
    };
  }
}
