package dev.runnel.http.admin;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Text of the last bytes of an output stream. */
final class Console {
  private Console() {}

  /** The text; a character that the cut at the front tore apart is left out. */
  static String text(byte[] tail, int cutAt) {
    int from = 0;
    while (tail.length >= cutAt && from < 3 && from < tail.length && isInside(tail[from])) {
      from++;
    }
    return new String(tail, from, tail.length - from, StandardCharsets.UTF_8);
  }

  /**
   * The lines; one that the cut at the front may have shortened is left out, unless there is
   * nothing else.
   */
  static List<String> lines(byte[] tail, int cutAt) {
    var text = text(tail, cutAt);
    var whole = tail.length >= cutAt ? text.substring(text.indexOf('\n') + 1) : text;
    return Arrays.asList((whole.isBlank() ? text : whole).split("\r?\n"));
  }

  private static boolean isInside(byte b) {
    return (b & 0xc0) == 0x80;
  }
}
