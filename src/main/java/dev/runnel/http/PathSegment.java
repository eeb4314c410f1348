package dev.runnel.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Decodes one segment of a path, once. */
final class PathSegment {
  private PathSegment() {}

  /**
   * Fails with {@code BadUrl}: a broken escape, not UTF-8, a NUL. A {@code +} is a plus.
   *
   * @param encoded one character for each byte that came, also for those that should be escaped
   */
  static String decoded(String encoded) {
    if (encoded.chars().allMatch(c -> c < 0x80 && c != '%')) {
      return encoded;
    }
    var bytes = new ByteArrayOutputStream(encoded.length());
    for (int i = 0; i < encoded.length(); i++) {
      char c = encoded.charAt(i);
      if (c != '%') {
        bytes.write(c);
        continue;
      }
      int high = i + 2 < encoded.length() ? Character.digit(encoded.charAt(i + 1), 16) : -1;
      int low = high < 0 ? -1 : Character.digit(encoded.charAt(i + 2), 16);
      if (low < 0 || (high | low) == 0) {
        throw new Refused(new Refusal.BadUrl("the path holds a broken escape"));
      }
      bytes.write(high << 4 | low);
      i += 2;
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException notText) {
      throw new Refused(new Refusal.BadUrl("the path is not UTF-8"));
    }
  }
}
