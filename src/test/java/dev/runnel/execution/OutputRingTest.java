package dev.runnel.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.runnel.run.Output;
import dev.runnel.run.RunEvent;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OutputRingTest {
  private static final int NEWEST = 1 << 20;

  @Test
  void theNewestBytesStayAndTheSameMemoryIsUsedAgain() {
    var random = new Random(1);
    var ring = new OutputRing(NEWEST);
    var chunks = new ArrayDeque<LogChunk>();
    var events = new ArrayDeque<RunEvent.Log>();
    var size = 0;
    for (var seq = 1; seq < 500; seq++) {
      var bytes = new byte[1 + random.nextInt(64 << 10)];
      random.nextBytes(bytes);
      var from = random.nextInt(bytes.length);
      var output = random.nextBoolean() ? Output.STDOUT : Output.STDERR;
      var chunk = ring.add(seq, Instant.EPOCH, output, bytes, from, bytes.length - from);
      events.add(
          new RunEvent.Log(
              seq, Instant.EPOCH, output, LineChunks.copy(bytes, from, bytes.length - from)));
      chunks.add(chunk);
      size += chunk.size();
      while (size > NEWEST) {
        size -= chunks.remove().size();
        events.remove();
      }
      assertSame(chunks.getFirst(), events.getFirst());
    }
    while (!chunks.isEmpty()) {
      assertSame(chunks.remove(), events.remove());
    }
  }

  private static void assertSame(LogChunk chunk, RunEvent.Log event) {
    assertThat(chunk.seq()).isEqualTo(event.seq());
    assertThat(chunk.log().output()).isEqualTo(event.output());
    assertThat(Arrays.equals(chunk.log().bytes(), event.bytes())).isTrue();
  }

  @Test
  void whatWasWrittenOverIsNotReadAsSomethingElse() {
    var ring = new OutputRing(NEWEST);
    var first = ring.add(1, Instant.EPOCH, Output.STDOUT, new byte[10], 0, 10);
    for (var seq = 2; seq < 40; seq++) {
      ring.add(seq, Instant.EPOCH, Output.STDOUT, new byte[64 << 10], 0, 64 << 10);
    }
    assertThatIllegalStateException().isThrownBy(first::log);
  }
}
