package dev.runnel.config;

/**
 * A value as somebody wrote it.
 *
 * @param origin where: {@code conf/runnel.yaml line 3}, {@code the environment}, {@code --set}
 */
record Given(String text, String origin) {
  private static final int SHOWN = 60;

  /** The text in one line and not too long. */
  static String quoted(String text) {
    var line = text.replaceAll("\\p{Cntrl}", "?");
    return '"' + (line.length() > SHOWN ? line.substring(0, SHOWN) + "…" : line) + '"';
  }
}
