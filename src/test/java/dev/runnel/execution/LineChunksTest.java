package dev.runnel.execution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineChunksTest {
  private final List<byte[]> chunks = new ArrayList<>();
  private final LineChunks lines =
      new LineChunks((bytes, from, size) -> chunks.add(LineChunks.copy(bytes, from, size)));

  @Test
  void wholeLinesAreShownAndAnOpenLineIsHeldBack() {
    add("one\ntwo\nthr");
    lines.emitLines();
    assertThat(texts()).containsExactly("one\ntwo\n");
    add("ee\n");
    lines.emitLines();
    assertThat(texts()).containsExactly("one\ntwo\n", "three\n");
    assertThat(lines.isEmpty()).isTrue();
  }

  @Test
  void anOpenLineIsCutWhenItIsLong() {
    lines.add(new byte[LineChunks.LONG_LINE], LineChunks.LONG_LINE);
    lines.emitLines();
    assertThat(chunks).hasSize(1);
  }

  @Test
  void silenceShowsWhatIsHeld() {
    add("prompt> ");
    lines.emitLines();
    assertThat(chunks).isEmpty();
    lines.emitAll();
    assertThat(texts()).containsExactly("prompt> ");
  }

  @Test
  void noChunkIsLargerThanTheLimitAndNothingIsLostOrMoved() {
    var random = new Random(7);
    var all = new ByteArrayOutputStream();
    for (var i = 0; i < 400; i++) {
      var piece = new byte[random.nextInt(5_000)];
      random.nextBytes(piece);
      all.writeBytes(piece);
      lines.add(piece, piece.length);
      Arrays.fill(piece, (byte) 0);
      if (random.nextInt(10) == 0) {
        lines.emitLines();
      }
    }
    lines.emitAll();
    var seen = new ByteArrayOutputStream();
    chunks.forEach(seen::writeBytes);
    assertThat(seen.toByteArray()).isEqualTo(all.toByteArray());
    assertThat(chunks).allMatch(chunk -> chunk.length <= LineChunks.MAX);
  }

  private List<String> texts() {
    return chunks.stream().map(chunk -> new String(chunk, StandardCharsets.UTF_8)).toList();
  }

  private void add(String text) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    lines.add(bytes, bytes.length);
  }
}
