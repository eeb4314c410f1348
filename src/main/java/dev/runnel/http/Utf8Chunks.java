package dev.runnel.http;

import java.util.Arrays;

/**
 * Makes whole characters of one output stream's chunks: the bytes of a character that a chunk
 * border tore apart come out with its last byte. What is not UTF-8 passes through as it is.
 */
public final class Utf8Chunks {
  private static final byte[] NONE = {};

  private byte[] carried = NONE;

  /** What came before and this chunk, without a character that has only begun. */
  public byte[] whole(byte[] chunk) {
    if (carried.length == 0) {
      var begun = begun(chunk);
      if (begun == 0) {
        return chunk;
      }
      carried = Arrays.copyOfRange(chunk, chunk.length - begun, chunk.length);
      return Arrays.copyOf(chunk, chunk.length - begun);
    }
    var joined = Arrays.copyOf(carried, carried.length + chunk.length);
    System.arraycopy(chunk, 0, joined, carried.length, chunk.length);
    carried = NONE;
    return whole(joined);
  }

  /** The character that began and never ended, empty if there is none; it is forgotten. */
  public byte[] rest() {
    var rest = carried;
    carried = NONE;
    return rest;
  }

  /** How many bytes at the end are the beginning of a character that could still be completed. */
  public static int begun(byte[] bytes) {
    for (int back = 1; back <= 3 && back <= bytes.length; back++) {
      int lead = bytes[bytes.length - back] & 0xff;
      if (lead < 0x80) {
        return 0;
      }
      if (lead >= 0xc0) {
        return length(lead) > back
                && (back == 1 || canFollow(lead, bytes[bytes.length - back + 1] & 0xff))
            ? back
            : 0;
      }
    }
    return 0;
  }

  /** Bytes of a character with this first byte; 0 when there is none. */
  static int length(int lead) {
    if (lead < 0xc2 || lead > 0xf4) {
      return 0;
    }
    return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  }

  /**
   * Whether the second byte may follow the first: no overlong forms, nothing out of range.
   * Surrogates may: Java takes the three bytes of one as one character that is not valid.
   */
  static boolean canFollow(int lead, int second) {
    return switch (lead) {
      case 0xe0 -> second >= 0xa0 && second <= 0xbf;
      case 0xf0 -> second >= 0x90 && second <= 0xbf;
      case 0xf4 -> second >= 0x80 && second <= 0x8f;
      default -> second >= 0x80 && second <= 0xbf;
    };
  }
}
