package dev.runnel.execution;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.run.Output;
import dev.runnel.run.RunEvent;
import java.time.Instant;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LogShelfTest {
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
  private static final long ALL = Long.MAX_VALUE;

  private final LogShelf shelf = new LogShelf(1_000);

  /** What is stored, by number, as the steps of the shelf make it. */
  private final TreeMap<Long, RunEvent> stored = new TreeMap<>();

  private long seq = 1;
  private long printed;

  @Test
  void upToTheCapEverythingIsDueAsItComes() {
    print(10, 100);
    assertThat(shelf.dueBytes()).isEqualTo(1_000);
    append();
    assertThat(shelf.hasDue()).isFalse();
    assertThat(shelf.gap()).isEmpty();
    assertThat(shelf.isTailBehind()).isFalse();
    assertThat(shelf.tails(10)).isEmpty();
    assertThat(stored.keySet()).containsExactly(2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L);
  }

  @Test
  void overTheCapTheFirstHalfAndTheNewestHalfStayAndTheGapSaysWhatIsMissing() {
    print(20, 100);
    append();
    catchUp(ALL);
    assertThat(stored.get(16L)).isEqualTo(new RunEvent.Gap(16, NOW, 7, 1_000));
    assertThat(stored.keySet()).containsExactly(2L, 3L, 4L, 5L, 6L, 16L, 17L, 18L, 19L, 20L, 21L);
  }

  @Test
  void littleNewOutputIsAddedToTheStoredTail() {
    print(11, 100);
    append();
    assertThat(shelf.isTailBehind()).isTrue();
    var move = shelf.move(200);
    assertThat(move.gap()).isEqualTo(new RunEvent.Gap(7, NOW, 7, 100));
    assertThat(move.events()).extracting(RunEvent::seq).containsExactly(12L);
    apply(move);
    assertThat(shelf.isTailBehind()).isFalse();
  }

  @Test
  void afterAFloodTheStoredTailJumpsToTheNewest() {
    print(10, 100);
    append();
    print(90, 100);
    var move = shelf.move(250);
    assertThat(move.gap()).isEqualTo(new RunEvent.Gap(99, NOW, 7, 9_300));
    assertThat(move.events()).extracting(RunEvent::seq).containsExactly(100L, 101L);
    apply(move);
    assertThat(shelf.isTailBehind()).isTrue();
  }

  @Test
  void theRestOfTheTailComesBackwardsPieceByPiece() {
    print(10, 100);
    append();
    print(90, 100);
    apply(shelf.move(100));
    apply(shelf.catchUp(150));
    assertThat(stored.keySet()).contains(99L, 100L, 101L);
    catchUp(150);
    assertThat(stored.get(96L)).isEqualTo(new RunEvent.Gap(96, NOW, 7, 9_000));
  }

  @Test
  void theNewestOutputIsInMemoryByStream() {
    print(20, 100);
    shelf.add(
        new LogChunk.Whole(new RunEvent.Log(++seq, NOW, Output.STDERR, "oops".getBytes(UTF_8))));
    var tails = shelf.tails(150).orElseThrow();
    assertThat(tails.merged()).hasSize(150).endsWith("oops".getBytes(UTF_8));
    assertThat(tails.stdout()).hasSize(150);
    assertThat(tails.stderr()).isEqualTo("oops".getBytes(UTF_8));
  }

  @Test
  void whateverIsPrintedAndWheneverItIsStoredNothingIsUnaccountedFor() {
    var random = new Random(1);
    for (var round = 0; round < 2_000; round++) {
      print(random.nextInt(4) == 0 ? random.nextInt(60) : 1, 1 + random.nextInt(300));
      append();
      if (shelf.gap().isPresent() && random.nextBoolean()) {
        apply(shelf.move(200));
      }
    }
    catchUp(200);
    assertThat(stored.lastKey()).isEqualTo(seq);
    assertThat(size()).isBetween(400L, 1_000L);
  }

  private void print(int chunks, int size) {
    for (var i = 0; i < chunks; i++) {
      shelf.add(new LogChunk.Whole(new RunEvent.Log(++seq, NOW, Output.STDOUT, new byte[size])));
      printed += size;
    }
  }

  private void append() {
    while (shelf.hasDue()) {
      for (var event : shelf.take(150)) {
        stored.put(event.seq(), event);
        shelf.stored(event.seq());
      }
    }
  }

  private void catchUp(long piece) {
    for (var step = 0; shelf.isTailBehind(); step++) {
      apply(shelf.catchUp(piece));
      assertThat(step).isLessThan(100);
    }
  }

  /** As the store does it; then what is stored, the gap and what was printed agree. */
  private void apply(LogShelf.Move move) {
    var gap = move.gap();
    stored.subMap(gap.from(), gap.seq()).clear();
    stored.put(gap.seq(), gap);
    move.events().forEach(event -> stored.put(event.seq(), event));
    shelf.moved(move);
    if (stored.lastKey() == seq) {
      assertThat(size() + gap.bytes()).isEqualTo(printed);
    }
    long before = 1;
    for (var event : stored.values()) {
      var from = event instanceof RunEvent.Gap missing ? missing.from() : event.seq();
      assertThat(from).isEqualTo(before + 1);
      before = event.seq();
    }
  }

  private long size() {
    return stored.values().stream()
        .mapToLong(event -> event instanceof RunEvent.Log log ? log.bytes().length : 0)
        .sum();
  }
}
