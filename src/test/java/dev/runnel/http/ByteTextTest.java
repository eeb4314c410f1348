package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Bytes become JSON strings exactly as Java would decode them, however they are cut. */
class ByteTextTest {
  private static final int[] INTERESTING = {
    0x00, 0x0a, 0x22, 0x5c, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf,
    0xe0, 0xe2, 0xed, 0xef, 0xf0, 0xf1, 0xf4, 0xf5, 0xff
  };

  private static byte[] noise(Random random, int length) {
    var bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] =
          (byte)
              (random.nextInt(4) == 0
                  ? random.nextInt(256)
                  : INTERESTING[random.nextInt(INTERESTING.length)]);
    }
    return bytes;
  }

  private static String decoded(byte[] bytes) throws Exception {
    var json = new ByteText(1).jsonString(bytes).toBuffer().getBytes();
    return new ObjectMapper().readTree(json).textValue();
  }

  @Test
  void anyBytesAreDecodedAsJavaDoes() throws Exception {
    var random = new Random(42);
    for (int i = 0; i < 50_000; i++) {
      var bytes = noise(random, random.nextInt(12));
      assertThat(decoded(bytes))
          .as(() -> Arrays.toString(bytes))
          .isEqualTo(new String(bytes, StandardCharsets.UTF_8));
    }
  }

  @Test
  void everyCharacterComesThrough() throws Exception {
    var all = new StringBuilder();
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
        all.appendCodePoint(c);
      }
    }
    var bytes = all.toString().getBytes(StandardCharsets.UTF_8);
    assertThat(decoded(bytes).contentEquals(all)).isTrue();
  }

  @Test
  void aStringNeverHoldsALineBreak() {
    var bytes = new byte[256];
    for (int i = 0; i < 256; i++) {
      bytes[i] = (byte) i;
    }
    var json = new ByteText(16).jsonString(bytes).toBuffer().toString();
    assertThat(json).doesNotContain("\n", "\r").contains("\\u0000", "\\n", "\\u001f");
  }

  @Test
  void chunksPutTogetherAreTheSameTextAsTheWhole() {
    var random = new Random(43);
    for (int i = 0; i < 20_000; i++) {
      var bytes = noise(random, random.nextInt(40));
      var chunks = new Utf8Chunks();
      var text = new StringBuilder();
      var raw = new ByteArrayOutputStream();
      for (int at = 0; at < bytes.length; ) {
        var end = Math.min(bytes.length, at + 1 + random.nextInt(6));
        var whole = chunks.whole(Arrays.copyOfRange(bytes, at, end));
        text.append(new String(whole, StandardCharsets.UTF_8));
        raw.writeBytes(whole);
        at = end;
      }
      var rest = chunks.rest();
      text.append(new String(rest, StandardCharsets.UTF_8));
      raw.writeBytes(rest);
      assertThat(raw.toByteArray()).isEqualTo(bytes);
      assertThat(text.toString())
          .as(() -> Arrays.toString(bytes))
          .isEqualTo(new String(bytes, StandardCharsets.UTF_8));
    }
  }
}
