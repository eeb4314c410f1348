package dev.runnel.http;

import java.nio.charset.StandardCharsets;

/** The line in a text where the log limit has removed output. */
public final class GapLine {
  private GapLine() {}

  /**
   * A line of its own.
   *
   * @param bytes how many are missing; 0 when that is not known
   * @param afterLineEnd what is before it ends with a line feed, or there is nothing
   */
  public static String of(long bytes, boolean afterLineEnd) {
    var line =
        bytes > 0
            ? "[" + bytes + " bytes of output are left out here]\n"
            : "[some output is left out here]\n";
    return afterLineEnd ? line : "\n" + line;
  }

  /** The same as UTF-8. */
  public static byte[] bytes(long bytes, boolean afterLineEnd) {
    return of(bytes, afterLineEnd).getBytes(StandardCharsets.UTF_8);
  }
}
