package dev.runnel.http;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Text under construction, as UTF-8 bytes. Output of scripts goes from its bytes to JSON without
 * becoming a string.
 */
public final class ByteText {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  /**
   * What a byte of a JSON string needs: 0 nothing, -1 {@code \\u00XX}, 1 UTF-8, else its letter.
   */
  private static final byte[] NEEDS = new byte[256];

  static {
    Arrays.fill(NEEDS, 0, 0x20, (byte) -1);
    Arrays.fill(NEEDS, 0x80, 0x100, (byte) 1);
    NEEDS['\n'] = 'n';
    NEEDS['\r'] = 'r';
    NEEDS['\t'] = 't';
    NEEDS['\b'] = 'b';
    NEEDS['\f'] = 'f';
    NEEDS['"'] = '"';
    NEEDS['\\'] = '\\';
  }

  private byte[] bytes;
  private int length;

  public ByteText(int expected) {
    this.bytes = new byte[expected];
  }

  public ByteText ascii(String text) {
    reserve(text.length());
    for (int i = 0; i < text.length(); i++) {
      bytes[length++] = (byte) text.charAt(i);
    }
    return this;
  }

  public ByteText number(long number) {
    return ascii(Long.toString(number));
  }

  /** Any text, as it is. */
  public ByteText text(String text) {
    return raw(text.getBytes(StandardCharsets.UTF_8));
  }

  public ByteText raw(byte[] given) {
    reserve(given.length);
    System.arraycopy(given, 0, bytes, length, given.length);
    length += given.length;
    return this;
  }

  /**
   * These bytes as a quoted JSON string. What is not UTF-8 becomes U+FFFD, once for each longest
   * beginning of a character, as Java decodes it.
   */
  public ByteText jsonString(byte[] text) {
    reserve(text.length + 2);
    bytes[length++] = '"';
    int from = 0;
    for (int at = 0; at < text.length; ) {
      int needs = NEEDS[text[at] & 0xff];
      if (needs == 0) {
        at++;
        continue;
      }
      if (needs == 1) {
        int valid = characterAt(text, at);
        if (valid > 0) {
          at += valid;
          continue;
        }
        copy(text, from, at);
        replacement();
        at -= valid;
      } else {
        copy(text, from, at);
        escape(text[at++], needs);
      }
      from = at;
    }
    copy(text, from, text.length);
    reserve(1);
    bytes[length++] = '"';
    return this;
  }

  public int length() {
    return length;
  }

  public Buffer toBuffer() {
    return Buffer.buffer(length).appendBytes(bytes, 0, length);
  }

  /** Bytes of the valid character here, or minus the bytes that one U+FFFD stands for. */
  private static int characterAt(byte[] text, int at) {
    int lead = text[at] & 0xff;
    int wanted = Utf8Chunks.length(lead);
    if (wanted == 0 || at + 1 >= text.length || !Utf8Chunks.canFollow(lead, text[at + 1] & 0xff)) {
      return -1;
    }
    for (int i = 2; i < wanted; i++) {
      if (at + i >= text.length || (text[at + i] & 0xc0) != 0x80) {
        return -i;
      }
    }
    var isSurrogate = lead == 0xed && (text[at + 1] & 0xff) >= 0xa0;
    return isSurrogate ? -wanted : wanted;
  }

  private void escape(byte character, int needs) {
    reserve(6);
    bytes[length++] = '\\';
    if (needs > 0) {
      bytes[length++] = (byte) needs;
      return;
    }
    bytes[length++] = 'u';
    bytes[length++] = '0';
    bytes[length++] = '0';
    bytes[length++] = HEX[character >> 4];
    bytes[length++] = HEX[character & 15];
  }

  private void replacement() {
    reserve(3);
    bytes[length++] = (byte) 0xef;
    bytes[length++] = (byte) 0xbf;
    bytes[length++] = (byte) 0xbd;
  }

  private void copy(byte[] text, int from, int to) {
    reserve(to - from);
    System.arraycopy(text, from, bytes, length, to - from);
    length += to - from;
  }

  private void reserve(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(length + more, 2 * bytes.length));
    }
  }
}
