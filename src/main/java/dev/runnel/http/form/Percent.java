package dev.runnel.http.form;

import java.io.ByteArrayOutputStream;

/** Bytes as {@code %XX}. */
final class Percent {
  private Percent() {}

  /** The bytes that ASCII text stands for. Fails with {@link MalformedForm} for broken escapes. */
  static byte[] decoded(byte[] text, int from, int to, boolean plusIsBlank) {
    var bytes = new ByteArrayOutputStream(to - from);
    for (int i = from; i < to; i++) {
      if (text[i] == '+' && plusIsBlank) {
        bytes.write(' ');
      } else if (text[i] != '%') {
        bytes.write(text[i]);
      } else {
        int high = i + 2 < to ? Character.digit(text[i + 1], 16) : -1;
        int low = high < 0 ? -1 : Character.digit(text[i + 2], 16);
        if (low < 0) {
          throw new MalformedForm("the form holds a broken escape");
        }
        bytes.write(high << 4 | low);
        i += 2;
      }
    }
    return bytes.toByteArray();
  }
}
