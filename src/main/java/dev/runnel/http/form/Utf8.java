package dev.runnel.http.form;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Text of bytes, strictly. */
final class Utf8 {
  private Utf8() {}

  /** Fails with {@link MalformedForm}: not UTF-8, or a NUL. */
  static String text(byte[] bytes, int from, int to) {
    try {
      var text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, to - from));
      var read = text.toString();
      if (read.indexOf('\0') >= 0) {
        throw new MalformedForm("the form holds a NUL");
      }
      return read;
    } catch (CharacterCodingException notText) {
      throw new MalformedForm("the form is not UTF-8");
    }
  }

  static String text(byte[] bytes) {
    return text(bytes, 0, bytes.length);
  }
}
